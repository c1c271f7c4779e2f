/**
 * After a new version was installed, a page that is still open asks for chunks that are no
 * longer there. It is loaded again then, once: a second failure in a row is a real fault.
 */
export function reloadWhenOutdated(): void {
  const key = 'reloaded-at';
  addEventListener('vite:preloadError', (event) => {
    const last = Number(sessionStorage.getItem(key));
    if (Date.now() - last < 60_000) return;
    sessionStorage.setItem(key, String(Date.now()));
    event.preventDefault();
    location.reload();
  });
}
