// A prepared alert as people read it before they sign: what one person will be able to send alone, until when, to which
// zones and how many people; then the whole plan with its longest filling; then every text of it (form_words.hpp).
// Thread rule: pure.
#pragma once

#include "broadcaster/plan/form.hpp"
#include "broadcaster/plan/preview.hpp"

namespace broadcaster::plan {

std::string preview(const Form& form, const PreviewOptions& options);

/// "2027-05-20 23.59", by the clock of its own texts.
std::string local_last(const Form& form);

}  // namespace broadcaster::plan
