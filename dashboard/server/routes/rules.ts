import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Router } from 'express';
import type { RulePage, RuleRow, RulesResponse } from '../../contract.js';
import type { AnyRule } from '../../../analyzer/engine/rule.js';
import { pageFileOf } from '../../../analyzer/engine/rule-page.js';
import { inLanguage, type Language } from '../../../analyzer/text.js';
import { notFound } from '../problem.js';
import { languageOf } from '../query.js';
import type { ServerContext } from './context.js';

export function rulesRoutes(context: ServerContext): Router {
  const router = Router();

  router.get('/rules', (request, response) => {
    const body: RulesResponse = { rules: context.rules.map((rule) => ruleRow(rule, languageOf(request))) };
    response.json(body);
  });

  router.get('/rules/:id', async (request, response) => {
    const rule = context.rules.find(({ id }) => id === request.params.id);
    if (rule === undefined) throw notFound(`There is no rule "${request.params.id}". See /api/v1/rules.`);
    // The id is one of the rule book's, so the path stays inside the folder.
    const language = languageOf(request);
    const markdown = await readFile(join(context.ruleDocsDir, pageFileOf(rule.id, language)), 'utf8').catch(() => {
      throw notFound(`The page of the rule "${rule.id}" is not part of this installation.`);
    });
    const body: RulePage = { ...ruleRow(rule, language), markdown };
    response.json(body);
  });

  return router;
}

function ruleRow({ id, category, severityMax, title }: AnyRule, language: Language): RuleRow {
  return { id, category, severityMax, title: inLanguage(title, language), docs: `rules/${id}` };
}
