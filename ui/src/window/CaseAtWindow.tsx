import { CasePage } from "../cases/CasePage";
import { CaseActs } from "./CaseActs";
import { HandIn } from "./HandIn";

/** A case with what a window can do with it. */
export function CaseAtWindow({ id }: { id: string }) {
  return (
    <CasePage id={id} actsOn={(view) => <CaseActs of={view} />} handIn={(view) => <HandIn of={view} />} />
  );
}
