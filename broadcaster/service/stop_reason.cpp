#include "broadcaster/service/stop_reason.hpp"

#include <optional>
#include <string_view>

namespace broadcaster::service {
namespace {

constexpr std::string_view halted_by = "halted by ";
constexpr std::string_view false_alarm = "false alarm ";
constexpr std::string_view update = "update ";
constexpr std::string_view all_clear = "all-clear ";
constexpr std::string_view said = ": ";  ///< between the person and the note; by_whom() leaves none in a name

std::optional<std::string> after(const std::string& text, std::string_view start) {
  if (!text.starts_with(start)) return std::nullopt;
  return text.substr(start.size());
}

struct Writer {
  std::string operator()(const Halted& reason) const {
    auto text = std::string(halted_by) + reason.by;
    if (!reason.note.empty()) text.append(said).append(reason.note);
    return text;
  }
  std::string operator()(const TakenBack& reason) const { return std::string(false_alarm) + reason.code; }
  std::string operator()(const Superseded& reason) const { return std::string(update) + reason.code; }
  std::string operator()(const Ended& reason) const { return std::string(all_clear) + reason.code; }
  std::string operator()(const OtherStop& reason) const { return reason.text; }
};

}  // namespace

std::string record_text(const StopReason& reason) { return std::visit(Writer(), reason); }

StopReason parse_stop_reason(const std::string& text) {
  if (const auto rest = after(text, halted_by)) {
    const auto end = rest->find(said);
    if (end == std::string::npos) return Halted{*rest, {}};
    return Halted{rest->substr(0, end), rest->substr(end + said.size())};
  }
  if (const auto code = after(text, false_alarm)) return TakenBack{*code};
  if (const auto code = after(text, update)) return Superseded{*code};
  if (const auto code = after(text, all_clear)) return Ended{*code};
  return OtherStop{text};
}

}  // namespace broadcaster::service
