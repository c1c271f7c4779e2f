const key = 'signed-in';

/**
 * Whether somebody was signed in when this browser last knew. The session itself is in a
 * cookie that scripts cannot see; this only decides what to ask and draw first.
 */
export function wasSignedIn(): boolean {
  try {
    return localStorage.getItem(key) !== null;
  } catch {
    return false;
  }
}

/** Keeps what the server last said. */
export function noteSignedIn(signedIn: boolean): void {
  try {
    if (signedIn) localStorage.setItem(key, '1');
    else localStorage.removeItem(key);
  } catch {
    // Without storage a page asks for the viewer first.
  }
}
