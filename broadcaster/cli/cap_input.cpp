#include "broadcaster/cli/cap_input.hpp"

#include <boost/json.hpp>

namespace broadcaster::cli {

base::Result<std::optional<alert::cap::Profile>> profile_named(const std::string& name) {
  if (name.empty()) return std::nullopt;
  std::string known;
  for (const auto& [spelling, profile] : alert::cap::profiles()) {
    if (spelling == name) return profile;
    known += (known.empty() ? "" : ", ") + std::string(spelling);
  }
  return base::fail(base::ErrorKind::usage, {"cli.usage_profile", {{"known", known}, {"found", name}}});
}

int show_findings(const Context& context, const std::string& file, const std::vector<alert::LintFinding>& findings) {
  int errors = 0;
  for (const auto& found : findings) {
    const base::Text line{"cli.profile_finding",
                          {{"file", file}, {"element", found.element}, {"text", context.screen().say(found.text)}}};
    switch (found.severity) {
      case alert::LintSeverity::error:
        ++errors;
        context.screen().fail(base::ErrorKind::check_failed, line);
        break;
      case alert::LintSeverity::warning:
        context.screen().note({"cli.warning", {{"text", context.screen().say(line)}}});
        break;
    }
  }
  return errors;
}

boost::json::array findings_as_json(const Context& context, const std::vector<alert::LintFinding>& findings) {
  boost::json::array out;
  for (const auto& found : findings)
    out.push_back(boost::json::object{{"rule", found.rule},
                                      {"severity", found.severity == alert::LintSeverity::error ? "error" : "warning"},
                                      {"element", found.element},
                                      {"text", context.screen().say(found.text)}});
  return out;
}

}  // namespace broadcaster::cli
