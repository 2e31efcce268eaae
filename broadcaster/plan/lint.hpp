// What is looked for in every rendered message: not in the alert, not in the template, but in the text that people
// read, after fragments were dropped. Thread rule: pure.
#pragma once

#include <string>
#include <vector>

#include "broadcaster/plan/marks.hpp"
#include "broadcaster/plan/message.hpp"
#include "broadcaster/plan/places.hpp"
#include "broadcaster/plan/plan.hpp"
#include "broadcaster/plan/template.hpp"
#include "broadcaster/plan/templates.hpp"

namespace broadcaster::plan {

/// What a text is held against. Every list means: one of these stands in it (small and capital letters are the same).
struct LintContext {
  alert::Language language;
  Measure measure = Measure::utf8_bytes;
  alert::Mark mark = alert::Mark::required;
  const Marks* marks = nullptr;
  Frame frame;
  std::vector<std::string> sources;          ///< the agency's names
  std::vector<std::string> hazards;          ///< the template's words for the hazard
  std::vector<std::string> places;           ///< names of the zones that it speaks to
  std::vector<NamedZone> zones;              ///< the same zone by zone: every one is named
  std::vector<std::string> times;            ///< arrival and end as written; a hole for the time of issue counts too
  std::vector<std::string> guidance;         ///< the template's words for what to do
  Priority priority = 7;                     ///< of the plan
  std::string time_name;                     ///< what people call this time, as "WIB"
  std::vector<ForeignGuidance> foreign;      ///< what the orders for other hazards tell people to do
  std::vector<std::string> unsafe_shelters;  ///< names of shelters inside the danger
  std::vector<std::string> taken_back;       ///< in what calms: what the order told people to do
  Speech speech = Speech::order;
  std::vector<std::string> stop = {};  ///< in an all-clear: words for what people need not do any more
  std::vector<std::string> wait =
      {};  ///< in an all-clear that names zones which must wait: the words that tell them so
  std::vector<std::string> never =
      {};  ///< what the other answer of an all-clear says: nobody may take one for the other
};

struct Remark {
  std::string rule;
  base::Text text;
};

struct Lint {
  std::vector<Element> missing;
  std::vector<Remark> errors;    ///< each blocks this message
  std::vector<Remark> warnings;  ///< the approver signs them
};

/// The elements that are not found in a text without its drill mark.
std::vector<Element> missing_elements(const Pieces& plain, const LintContext& context);

/// `plain` without its drill mark, `pieces` as it goes out. By the rules of lint_rules.hpp and alert/text_rules.hpp.
Lint lint(const Pieces& plain, const Pieces& pieces, const LintContext& context);

/// What another reading of the same text found beside it, each rule once.
void add(Lint& found, const Lint& more);

/// What a siren says in one language. A live voice names who speaks, what threatens and what to do; no voice says a
/// number, which nobody records beforehand.
Lint lint_voice(const std::string& voice, const LintContext& context);

/// Whether `word` stands in `text`, small and capital letters the same (Unicode simple folding of ICU).
bool says(const std::string& text, const std::string& word);

}  // namespace broadcaster::plan
