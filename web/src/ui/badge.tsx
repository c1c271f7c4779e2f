import type { ReactNode } from 'react';

/** What a state means for the reader; never the only sign of it, hence icon and word. */
export type Tone = 'ok' | 'warn' | 'bad' | 'info' | 'mute';

export function Badge({ tone, icon, children }: { tone: Tone; icon?: ReactNode; children: ReactNode }) {
  return (
    <span className={`badge ${tone}`}>
      {icon}
      {children}
    </span>
  );
}
