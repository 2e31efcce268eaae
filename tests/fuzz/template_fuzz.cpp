// Whatever is in a template: mistakes that can be said, or wording whose every fragment renders or says why not, and
// never leaves a brace.
#include <cstdint>
#include <cstdlib>

#include "broadcaster/base/catalogue.hpp"
#include "broadcaster/plan/render.hpp"

using namespace broadcaster;

namespace {

void must(bool holds) {
  if (!holds) std::abort();
}

void sayable(const base::Text& text) {
  for (const auto* language : {"en", "id"})
    must(base::Catalogue::of(language).say(text).find("<<") == std::string::npos);
}

void render_all(const plan::Template& words, const plan::Wording& wording, const plan::Values& values) {
  for (const auto& [form, fragments] : wording.forms) {
    const plan::Shape shape{plan::Measure::sms_segments, 1, {"LATIHAN: ", " LATIHAN."}, alert::Mark::required};
    const auto rendered = plan::render(words, fragments, values, std::chrono::hours(7), shape);
    if (!rendered) {
      sayable(rendered.error().text);
      continue;
    }
    const auto text = plan::fill_longest(rendered->pieces);
    must(!text.empty() && text.find_first_of("{}") == std::string::npos);
    must(rendered->length.segments == 1);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  // An error repeats what it found, and these brackets are how the catalogue marks a text that it does not have.
  if (text.find("<<") != std::string::npos) return 0;
  const auto words = plan::parse_template(text, "f.yaml");
  if (!words) {
    must(!words.error().empty());
    for (const auto& error : words.error()) sayable(error.text);
    return 0;
  }
  const plan::Values values{{"agency", "BPBD"},       {"agency_short", "BPBD"},        {"zones", "Pasir"},
                            {"zones_short", "Pasir"}, {"zone_count", std::int64_t{1}}, {"zone_time_suffix", "WIB"},
                            {"arrival", "02.35"}};
  render_all(*words, words->order, values);
  render_all(*words, words->false_alarm, values);
  return 0;
}
