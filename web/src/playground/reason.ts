import { useSyncExternalStore } from 'react';

// Why a member of staff acts for a customer. It holds for this tab only: the next piece of
// work has a reason of its own.
let reason = '';
const listeners = new Set<() => void>();

export const currentReason = () => reason;

export function setReason(text: string): void {
  reason = text.trim();
  for (const listener of listeners) listener();
}

export function useReason(): string {
  return useSyncExternalStore((listener) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  }, currentReason);
}
