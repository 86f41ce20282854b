import { dropDraft, useDraft, writeDraft } from "../shared/draft";
import { uuidv7 } from "../shared/uuid";
import { FilingDesk } from "./FilingDesk";

/** The id of the sitting is kept from its first moment: what is typed is found under it after a reload. */
function begin() {
  const sitting = { id: uuidv7() };
  writeDraft("hall.filing", sitting);
  return sitting;
}

/** The generalist's window (综合窗口): one applicant after the other. */
export function WindowDesk() {
  const [current, change] = useDraft("hall.filing", begin);
  const next = () => {
    dropDraft(`hall.filing.${current.id}`);
    change(begin);
  };
  return <FilingDesk key={current.id} id={current.id} onNext={next} />;
}
