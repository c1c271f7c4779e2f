import { Trans } from '@lingui/react/macro';
import { type ReactNode, useId } from 'react';
import { useFormats } from '../format';

/** From this share of a limit on, a meter warns. */
const nearLimit = 0.8;

/** How much of a limit is used, both in bytes; without a limit only what is used. */
export function Meter({ label, used, limit }: { label: ReactNode; used: number; limit: number | null }) {
  const f = useFormats();
  const id = useId();
  const share = limit ? used / limit : 0;
  const of = limit ? f.bytes(limit) : '';
  return (
    <div className="meter">
      <div className="meter-top">
        <span id={id}>{label}</span>
        <span className="num">
          <b>{f.bytes(used)}</b>{' '}
          {limit ? (
            <span className="muted">
              <Trans>of {of}</Trans>
            </span>
          ) : null}
        </span>
      </div>
      {limit ? (
        <div
          className="bar"
          role="meter"
          aria-labelledby={id}
          aria-valuemin={0}
          aria-valuemax={100}
          aria-valuenow={Math.min(100, Math.round(share * 100))}
          aria-valuetext={f.percent(share)}
        >
          <span
            className={share >= nearLimit ? 'warn' : undefined}
            style={{ inlineSize: `${Math.min(100, share * 100)}%` }}
          />
        </div>
      ) : null}
    </div>
  );
}
