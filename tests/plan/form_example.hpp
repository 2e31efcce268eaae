// A prepared alert of the example town: an exercise for three zones of its coast. One place for the tests of forms.
#pragma once

#include <string>
#include <vector>

#include "broadcaster/plan/fill_form.hpp"
#include "broadcaster/plan/make_form.hpp"
#include "tests/plan/example.hpp"

namespace broadcaster::plan::form_example {

extern const std::string file;

/// `text` with `to` in the place of `from`, which must be in it.
std::string changed(std::string text, const std::string& from, const std::string& to);
base::Checked<PreparedFile> read(const std::string& text);

/// make(input) with everything that a plan is made from.
template <class Make>
auto with(const alert::Alert& alert, base::WallTime now, const Templates& templates, Make make) {
  const auto endpoints = example::town().of_mode(alert::rule_of(alert.status).mode);
  const auto people = example::audiences();
  return make(PlanInput{.alert = alert,
                        .agency = example::town().agency,
                        .zones = example::town().zones,
                        .sirens = example::town().sirens,
                        .endpoints = endpoints,
                        .traits = example::traits(),
                        .templates = templates,
                        .audiences = people,
                        .author = "sari.wulandari",
                        .now = now});
}

std::vector<BasisPart> basis();
base::Checked<Form> form_of(const std::string& text, const Templates& templates = example::town().templates);
const Form& form();

std::vector<alert::ZoneId> ids(std::initializer_list<const char*> names);
/// Every choice of its three zones.
std::vector<std::vector<alert::ZoneId>> all_choices();
/// As the sample, a day later and twenty minutes before the wave.
Slots slots(std::vector<alert::ZoneId> zones, base::WallTime at = example::night() + std::chrono::hours(24));

}  // namespace broadcaster::plan::form_example
