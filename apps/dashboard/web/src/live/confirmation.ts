/** Asks the person to prove anew who they are; answers whether they did. */
type Ask = () => Promise<boolean>;

let ask: Ask | undefined;
let pending: Promise<boolean> | undefined;

/** Says who shows the question. @returns takes it back */
export function onConfirmationNeeded(show: Ask): () => void {
  ask = show;
  return () => {
    if (ask === show) ask = undefined;
  };
}

/** One question at a time, however many acts wait for it. @returns false when nobody proved anything */
export function confirmIdentity(): Promise<boolean> {
  if (ask === undefined) return Promise.resolve(false);
  pending ??= ask().finally(() => (pending = undefined));
  return pending;
}
