/** The parts of the plan in the order one writes them. */
export const SECTIONS = ['well', 'helps', 'stages', 'people', 'advance', 'rules'] as const;
export type SectionName = (typeof SECTIONS)[number];

export const LISTS = {
  well: ['keeps_well', 'important'],
  helps: ['triggers', 'works', 'does_not_work'],
  advance: ['want', 'do_not_want', 'tell', 'do_not_tell'],
} as const;
