/** The mark and name of the provider. */
export function BrandName({ name }: { name: string | undefined }) {
  return (
    <>
      <svg className="brand-mark" viewBox="0 0 32 32" aria-hidden="true">
        <path d="M9 23V9l14 14V9" />
      </svg>
      <span>{name ?? '\u00a0'}</span>
    </>
  );
}
