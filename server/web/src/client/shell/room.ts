/** Fewer lines of text than this and a bar at the bottom would leave no room to read. */
const LINES = 26;

/**
 * Marks the page `flow` when the text is large for the screen: zoomed in, a large text size, or a phone on its side.
 * Counted in the text's own size, which a media query cannot see.
 */
export function watchRoom(): void {
  const root = document.documentElement;
  const look = () => root.classList.toggle('flow', window.innerHeight / parseFloat(getComputedStyle(root).fontSize) < LINES);
  look();
  window.addEventListener('resize', look);
}
