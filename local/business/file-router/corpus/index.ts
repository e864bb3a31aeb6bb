export { type CorpusItem, createCorpus } from './corpus.ts';
