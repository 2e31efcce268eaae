#include "broadcaster/approval/one_mode.hpp"

namespace broadcaster::approval {
namespace {

const char* mode_text(alert::Mode mode) {
  switch (mode) {
    case alert::Mode::live:
      return "approval.mode_live";
    case alert::Mode::drill:
      return "approval.mode_drill";
  }
  return "";
}

}  // namespace

std::vector<base::Text> mode_faults(const plan::Plan& plan) {
  std::vector<base::Text> out;
  const auto& rule = alert::rule_of(plan.alert.status);
  if (rule.reach == alert::Reach::nobody) out.push_back({"approval.draft", {}});
  if (rule.mode != plan.mode)
    out.push_back(
        {"approval.mode_conflict",
         {{"status", std::string(alert::name(plan.alert.status))}, {"mode", base::Key{mode_text(plan.mode)}}}});
  if (plan.false_alarm && (plan.false_alarm->mode != plan.mode || plan.false_alarm->alert.status != plan.alert.status))
    out.push_back({"approval.false_alarm_mode", {}});
  return out;
}

}  // namespace broadcaster::approval
