/**
 * On what stays at the top while the page scrolls: its height is told to the styles, so that what stays too comes below it, and what is
 * scrolled to stands below them all (App.svelte).
 */
export const staying = (name: '--leave' | '--reading') => (element: HTMLElement): (() => void) => {
  const { style } = document.documentElement;
  const measure = () => style.setProperty(name, `${element.offsetHeight}px`);
  const watching = new ResizeObserver(measure);
  watching.observe(element);
  measure();
  return () => {
    watching.disconnect();
    style.removeProperty(name);
  };
};
