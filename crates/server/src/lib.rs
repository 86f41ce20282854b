//! The headless program: a hall, a department service, or both together as the demo; and the same two inside the desktop.
//!
//! Here everything comes together and nothing is decided: settings are read, addresses are taken, services are built and
//! joined under one origin. [`embedded`] is the start inside one program, [`hall_service`] and [`department_service`] are
//! the starts on servers, and [`walk`] walks a whole case by HTTP alone.

mod accounts;
mod city;
mod demo;
mod department_service;
pub mod embedded;
mod error;
mod first_start;
mod folder;
mod hall_service;
mod items;
mod secrets;
mod service;
pub mod settings;
pub mod walk;

pub use self::{
    accounts::{NewAccount, RoleError, add_account, read_role},
    city::{CatalogueFiles, City, CityDepartment, CityHall},
    demo::{DemoDate, DemoDateError},
    department_service::serve_department,
    error::ServerError,
    hall_service::serve_hall,
    items::{HallItems, read_paths},
};
