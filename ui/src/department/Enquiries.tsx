import { useTranslation } from "react-i18next";
import { answerHall, askHall } from "../api/department-calls";
import type { TaskView } from "../api/types";
import { EnquiryList, type EnquiryDesk } from "../cases/Enquiries";
import { useCurrentSession } from "../session/useSession";
import { letGo } from "../shared/focus";
import { useReadAgain, useTaskChanged } from "./queries";

/** What a department asks the window about a task, and answers it. */
export function Enquiries({ of: view }: { of: TaskView }) {
  const { t } = useTranslation();
  const { roles } = useCurrentSession().account;
  const changed = useTaskChanged();
  const desk: EnquiryDesk<TaskView> = {
    service: "department",
    seat: "department",
    ask: askHall,
    answer: answerHall,
    onDone: (after) => {
      // What was sent is over: the keys of the task are its own again.
      letGo();
      changed(after);
    },
    onRefused: useReadAgain(),
  };
  const asks = roles.includes("approver") || roles.includes("delegate");
  return (
    <>
      <EnquiryList of={view.enquiries} id={view.id} desk={desk} asks={asks} />
      {!asks && <p className="quiet">{t("enquiry.mayNot")}</p>}
    </>
  );
}
