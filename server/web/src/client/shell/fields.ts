/**
 * A browser keeps what is typed into forms, to offer it again and to put a page back as it was after a crash: on its disk, and in clear. No field of
 * this app is kept so, whoever writes the next one.
 */
export function keepFieldsOut(): void {
  document.addEventListener('focusin', ({ target }) => {
    const field = (target as Element).closest?.('input:not([autocomplete]), textarea:not([autocomplete])');
    field?.setAttribute('autocomplete', 'off');
  });
}
