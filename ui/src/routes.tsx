import { lazy, Suspense } from "react";
import { createBrowserRouter, Navigate, useParams } from "react-router";
import { CaseList } from "./cases/CaseList";
import { FindCase } from "./cases/FindCase";
import { TaskDesk } from "./department/TaskDesk";
import { Frame } from "./Frame";
import { OutputDesk } from "./output/OutputDesk";
import { deskPath, desksOf, useCurrentSession } from "./session/useSession";
import { Broken, Loading, NotFound } from "./Places";

const WindowDesk = lazy(() =>
  import("./window/WindowDesk").then(({ WindowDesk: desk }) => ({ default: desk })),
);

const CaseAtWindow = lazy(() =>
  import("./window/CaseAtWindow").then(({ CaseAtWindow: page }) => ({ default: page })),
);
const ScreenPage = lazy(() =>
  import("./window/ScreenPage").then(({ ScreenPage: page }) => ({ default: page })),
);

function HallHome() {
  const desk = desksOf("hall", useCurrentSession())[0];
  return <Navigate replace to={deskPath(desk ?? "cases")} />;
}

function Output() {
  return <OutputDesk caseId={useParams().id} />;
}

function Case() {
  const { id = "" } = useParams();
  return (
    <Suspense fallback={<Loading />}>
      <CaseAtWindow key={id} id={id} />
    </Suspense>
  );
}

function Find() {
  return <FindCase scan={useParams().number ?? ""} />;
}

function Tasks() {
  return <TaskDesk taskId={useParams().id} />;
}

const notFound = { path: "*", element: <NotFound /> };

export const router = createBrowserRouter([
  {
    path: "/department",
    element: <Frame service="department" />,
    errorElement: <Broken />,
    children: [{ index: true, element: <Tasks /> }, { path: ":id", element: <Tasks /> }, notFound],
  },
  {
    // A page of its own: nothing of the desk is seen on the applicant's side.
    path: "/window/screen",
    element: (
      <Suspense fallback={<Loading />}>
        <ScreenPage />
      </Suspense>
    ),
    errorElement: <Broken />,
  },
  {
    path: "/",
    element: <Frame service="hall" />,
    errorElement: <Broken />,
    children: [
      { index: true, element: <HallHome /> },
      {
        path: "window",
        element: (
          <Suspense fallback={<Loading />}>
            <WindowDesk />
          </Suspense>
        ),
      },
      { path: "output", element: <Output /> },
      { path: "output/:id", element: <Output /> },
      { path: "cases", element: <CaseList /> },
      { path: "cases/:id", element: <Case /> },
      { path: "c/:number", element: <Find /> },
      notFound,
    ],
  },
]);
