const FIELDS = 'input:not([autocomplete]), textarea:not([autocomplete])';

/**
 * A browser keeps what stands in forms, to offer it again and to put a page back as it was after a crash: on its disk, and in clear. No field of
 * this app is kept so, whoever writes the next one.
 */
export function keepFieldsOut(): void {
  new MutationObserver(() => {
    for (const field of document.querySelectorAll(FIELDS)) field.setAttribute('autocomplete', 'off');
  }).observe(document, { childList: true, subtree: true });
}
