import { dropDraft, useDraft, writeDraft } from "../shared/draft";
import { letGo } from "../shared/focus";
import { uuidv7 } from "../shared/uuid";
import { FilingDesk } from "./FilingDesk";
import { TourOffer } from "./Tour";
import { keptKey } from "./useKeeping";

interface Sitting {
  id: string;
  /** Counts how often a draft was put on the desk anew: then the desk is another. */
  round?: number;
}

/** The id of the sitting is kept from its first moment: what is typed is found under it after a reload. */
function begin() {
  const sitting: Sitting = { id: uuidv7() };
  writeDraft("hall.filing", sitting);
  return sitting;
}

/** The generalist's window (综合窗口): one applicant after the other. */
export function WindowDesk() {
  const [current, change] = useDraft<Sitting>("hall.filing", begin);
  const leave = () => {
    dropDraft(`hall.filing.${current.id}`);
    dropDraft(keptKey(current.id));
  };
  const next = () => {
    leave();
    // Also a field of the head lets go: whoever comes next begins with what they want.
    letGo();
    change(begin);
  };
  const resume = (id: string) => {
    if (id !== current.id) leave();
    change(({ round = 0 }) => ({ id, round: round + 1 }));
  };
  return (
    <>
      <TourOffer />
      <FilingDesk
        key={`${current.id} ${current.round ?? 0}`}
        id={current.id}
        onNext={next}
        onResume={resume}
      />
    </>
  );
}
