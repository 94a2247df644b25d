/** Why a form was refused; nothing while it was not. */
export function Refusal({ problem }: { problem: string | null }) {
  if (problem === null) return null;
  return (
    <p className="note note--error refusal" role="alert">
      {problem}
    </p>
  );
}
