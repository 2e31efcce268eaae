// Reading a wording out of YAML: what an order, a false alarm and the two answers of an all-clear have in common.
// Used by template.cpp and ending.cpp only. Thread rule: plain functions.
#pragma once

#include <string>
#include <vector>

#include "broadcaster/base/yaml.hpp"
#include "broadcaster/plan/template.hpp"

namespace broadcaster::plan {

/// `fields` holds words, cap, forms and siren; `slots` are the file's own. Every mistake goes into `errors`.
Wording read_wording(base::Fields& fields, Speech speech, const std::vector<Slot>& slots, base::Errors& errors);

/// Every form that can order must be able to take back, and to say that it is over.
void check_has_forms(base::Fields& fields, std::string_view key, const Wording& order, const Wording& other);

}  // namespace broadcaster::plan
