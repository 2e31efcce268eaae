// Every text of a prepared alert, as it stands in the form: what firing fills stands in brackets, under its name, with
// the clock that it goes by. Texts for one zone and for several, the alert's own, the false alarm's, and the names of
// zones with the words between them: firing concatenates these and nothing else, so whoever has read this page has read
// every byte that can leave. Texts for several numbers of zones that are the same stand once. Thread rule: pure.
#pragma once

#include "broadcaster/plan/form.hpp"
#include "broadcaster/plan/preview.hpp"

namespace broadcaster::plan {

std::string form_words(const Form& form, const PreviewOptions& options);

}  // namespace broadcaster::plan
