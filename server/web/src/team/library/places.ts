// From a fault to the place it is in.

export function showField(within: HTMLElement | undefined, field: string) {
  const place = within?.querySelector<HTMLElement>(`[data-field="${CSS.escape(field)}"]`);
  const control = place?.querySelector<HTMLElement>('input, select, textarea, button');
  control?.focus();
}

/** Puts the focus into the words with the line chosen, `line` counted from 0. */
export function showLine(within: HTMLElement | undefined, line: number) {
  const box = within?.querySelector<HTMLTextAreaElement>('textarea[data-words]');
  if (!box) return;
  const lines = box.value.split('\n');
  const from = lines.slice(0, line).join('\n').length + (line > 0 ? 1 : 0);
  box.focus();
  box.setSelectionRange(Math.min(from, box.value.length), Math.min(from + (lines[line]?.length ?? 0), box.value.length));
  box.scrollTop = Math.max(0, heightOf(box, lines.slice(0, line).join('\n')) - box.clientHeight / 3);
}

/** How high some words stand in this box, wrapped as it wraps them. */
function heightOf(box: HTMLTextAreaElement, words: string): number {
  const mirror = document.createElement('div');
  const own = getComputedStyle(box);
  for (const each of ['font', 'letterSpacing', 'lineHeight', 'paddingInline', 'boxSizing'] as const) mirror.style[each] = own[each];
  Object.assign(mirror.style, { position: 'absolute', visibility: 'hidden', width: `${box.clientWidth}px`, whiteSpace: 'pre-wrap', overflowWrap: 'break-word' });
  mirror.textContent = words;
  document.body.append(mirror);
  const height = mirror.offsetHeight;
  mirror.remove();
  return height;
}
