#include "tests/plan/form_example.hpp"

#include <gtest/gtest.h>

namespace broadcaster::plan::form_example {

using namespace std::chrono_literals;
using example::night;
using example::town;

const std::string file = R"(prepared:
  last: 2027-05-15T23:59:59+07:00
  may_fire: {roles: [duty_officer], persons: [bayu.pratama]}
  lasts: 3h
  arrival: {earliest: 10m, latest: 2h}
  tolerance: 10
status: Exercise
hazard: tsunami
level: AWAS
languages: [id, en]
zones: [muara, pasir, teluk]
category: Geo
responseType: Evacuate
urgency: Immediate
severity: Extreme
certainty: Likely
event: {id: Tsunami, en: Tsunami}
)";

std::string changed(std::string text, const std::string& from, const std::string& to) {
  const auto at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return at == std::string::npos ? text : text.replace(at, from.size(), to);
}

base::Checked<PreparedFile> read(const std::string& text) {
  return parse_prepared(text, "prepared.yaml", {.now = night(), .zones = &town().zones});
}

std::vector<BasisPart> basis() {
  std::vector<BasisPart> out;
  for (const auto part : basis_parts) out.push_back({std::string(part), std::string(64, 'b')});
  return out;
}

base::Checked<Form> form_of(const std::string& text, const Templates& templates) {
  const auto prepared = read(text);
  if (!prepared) return std::unexpected(prepared.error());
  return with(prepared->alert, night(), templates, [&](const PlanInput& input) {
    return make_form({.plan = input,
                      .terms = prepared->terms,
                      .may_fire = {{"bayu.pratama", {"0123456789abcdef"}, {"duty_officer"}}},
                      .basis = basis()});
  });
}

const Form& form() {
  static const Form made = form_of(file).value();
  return made;
}

std::vector<alert::ZoneId> ids(std::initializer_list<const char*> names) {
  std::vector<alert::ZoneId> out;
  for (const auto* name : names) out.emplace_back(name);
  return out;
}

std::vector<std::vector<alert::ZoneId>> all_choices() {
  const auto all = ids({"muara", "pasir", "teluk"});
  std::vector<std::vector<alert::ZoneId>> out;
  for (unsigned bits = 1; bits < 8; ++bits) {
    out.emplace_back();
    for (unsigned i = 0; i < 3; ++i)
      if (bits & (1u << i)) out.back().push_back(all[i]);
  }
  return out;
}

Slots slots(std::vector<alert::ZoneId> zones, base::WallTime at) {
  auto out = sample_slots(form(), std::move(zones), at);
  out.arrival = at + 20min;
  return out;
}

}  // namespace broadcaster::plan::form_example
