//! Twenty thousand nights of the real core, and as many for each core with a fault in it.

mod faulty;
mod real;
