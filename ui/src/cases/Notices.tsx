import { useTranslation } from "react-i18next";
import type { CaseView, NoticeView } from "../api/types";
import { moment } from "../shared/text";

/** What the applicant was told is missing, by number and date, and whether it came (一次性告知). */
export function Notices({ of: view }: { of: CaseView }) {
  const { t } = useTranslation();
  const nameOf = (code: string | null) => view.materials.find((one) => one.code === code)?.name;
  return (
    <ol className="plain-list notices">
      {view.notices.map((notice, at) => (
        <li key={notice.number} data-testid={`notice-${at + 1}`}>
          <p>
            <b className="number" lang="zh-CN">
              {notice.number}
            </b>{" "}
            {moment(notice.asked_at)} · {t(`guide.seat.${notice.by}`)}{" "}
            {notice.officer && <span lang="zh-CN">{notice.officer}</span>}{" "}
            {at > 0 && <span className="mark mark-warn">{t("notice.again", { nth: at + 1 })}</span>}{" "}
            <span className={notice.supplied_at ? "good" : "bad"}>
              {notice.supplied_at
                ? t("notice.supplied", { at: moment(notice.supplied_at) })
                : t("notice.open")}
            </span>
          </p>
          {notice.allowed_because && <Allowed of={notice} />}
          <ul lang="zh-CN">
            {notice.points.map(({ code, material, reason }) => (
              <li key={`${code} ${material} ${reason}`}>
                {nameOf(material) && <b>{nameOf(material)}：</b>}
                {reason}
              </li>
            ))}
          </ul>
        </li>
      ))}
    </ol>
  );
}

function Allowed({ of: notice }: { of: NoticeView }) {
  const { t } = useTranslation();
  return (
    <p className="notice-allowed">
      {t("notice.allowed")} <span lang="zh-CN">{notice.allowed_by}</span>：
      <span lang="zh-CN">{notice.allowed_because}</span>
    </p>
  );
}
