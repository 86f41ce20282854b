/** What the department says of a case while it has it: what it took into its own system, and how far it has come. */
import { useTranslation } from "react-i18next";
import type { CaseView, DepartmentReceipt } from "../api/types";
import { useCurrentSession } from "../session/useSession";
import { day, moment } from "../shared/text";

/** Since when the department has said nothing; null where it need not, or has. */
export function silentSince(view: CaseView): string | null {
  const { state, progress, department_receipt, acceptance, notices, enquiries } = view;
  if (state !== "taken" && state !== "accepted") return null;
  if (!view.delivery_to_department) return null;
  // The answer to a department's question asks nothing of it.
  const told = [
    view.taken_at,
    ...notices.flatMap(({ supplied_at }) => supplied_at ?? []),
    ...enquiries.flatMap(({ by, asked_at }) => (by === "window" ? asked_at : [])),
  ].reduce((one, other) => (one > other ? one : other));
  // A window that accepted for the department has heard nothing of it by that.
  const heard = [
    ...progress.map(({ at }) => at),
    ...(department_receipt ? [department_receipt.at] : []),
    ...(acceptance?.said_at ? [acceptance.said_at] : []),
    ...notices.flatMap(({ by, asked_at }) => (by === "department" ? asked_at : [])),
    ...enquiries.flatMap(({ by, asked_at, answered_at }) =>
      by === "department" ? asked_at : (answered_at ?? []),
    ),
  ];
  return heard.some((at) => at >= told) ? null : told;
}

export function DepartmentSide({ of: view }: { of: CaseView }) {
  const { t } = useTranslation();
  const { today } = useCurrentSession();
  const { progress, department_receipt: receipt } = view;
  const silent = silentSince(view);
  // On the day itself nobody is late.
  const late = silent !== null && day(silent) < today;
  return (
    <>
      {silent && (
        <p className={late ? "warn" : "quiet"} data-testid="silent-since">
          {t(late ? "departmentSide.silent" : "departmentSide.sent", { at: moment(silent) })}
        </p>
      )}
      {progress.length > 0 && (
        <ol className="plain-list progress" aria-live="polite">
          {progress.map(({ at, step, officer, note }) => (
            <li key={`${at} ${step}`} data-testid="progress">
              <time className="number quiet">{moment(at)}</time> <b lang="zh-CN">{step ?? t("erased")}</b>{" "}
              {officer && <span lang="zh-CN">{officer}</span>}{" "}
              {note && (
                <span className="quiet" lang="zh-CN">
                  {note}
                </span>
              )}
            </li>
          ))}
        </ol>
      )}
      {receipt && <Receipt of={receipt} />}
    </>
  );
}

function Receipt({ of: receipt }: { of: DepartmentReceipt }) {
  const { t } = useTranslation();
  const refused = receipt.fields.filter(({ taken }) => !taken);
  return (
    <div data-testid="department-receipt">
      <h3>{t("departmentSide.receipt")}</h3>
      <p>
        {moment(receipt.at)}{" "}
        {receipt.department_number && (
          <>
            {t("departmentSide.number")} <b className="number">{receipt.department_number}</b>
          </>
        )}{" "}
        <span className={refused.length ? "bad" : "good"}>
          {refused.length
            ? t("departmentSide.some", { count: refused.length })
            : t("departmentSide.all", { count: receipt.fields.length })}
        </span>
      </p>
      <div className="table-scroll" tabIndex={0} role="region" aria-label={t("departmentSide.receipt")}>
        <table className="receipt">
          <thead>
            <tr>
              <th scope="col">{t("departmentSide.field")}</th>
              <th scope="col">{t("departmentSide.value")}</th>
              <th scope="col">{t("departmentSide.taken")}</th>
            </tr>
          </thead>
          <tbody>
            {receipt.fields.map(({ name, label, value, taken, note }) => (
              <tr key={name} className={taken ? undefined : "receipt-refused"}>
                <th scope="row" lang="zh-CN">
                  {label}
                </th>
                <td lang="zh-CN">{value ?? "—"}</td>
                <td>
                  <span className={taken ? "good" : "bad"}>
                    {t(taken ? "departmentSide.asSent" : "departmentSide.notAsSent")}
                  </span>{" "}
                  {note && <span lang="zh-CN">{note}</span>}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </div>
  );
}
