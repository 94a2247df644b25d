/** A secret that was just made and is never shown again. */
export function ShownOnce({ what, secret }: { what: string; secret: string }) {
  return (
    <p className="shown-once" role="status">
      <span>{what}, shown this once:</span>
      <code>{secret}</code>
      <button type="button" className="button button--small" onClick={() => void copy(secret)}>
        Copy
      </button>
    </p>
  );
}

async function copy(text: string): Promise<void> {
  // Pages over plain http other than localhost have no clipboard; the text can be selected all the same.
  await navigator.clipboard?.writeText(text);
}
