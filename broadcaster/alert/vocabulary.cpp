#include "broadcaster/alert/vocabulary.hpp"

#include <array>
#include <cassert>

namespace broadcaster::alert {
namespace {

template <class E, std::size_t N>
using Table = std::array<std::pair<std::string_view, E>, N>;

// In the order of the enumerations, which is CAP's.
constexpr Table<Status, 5> statuses{{{"Actual", Status::actual},
                                     {"Exercise", Status::exercise},
                                     {"System", Status::system},
                                     {"Test", Status::test},
                                     {"Draft", Status::draft}}};
constexpr Table<MessageType, 5> message_types{{{"Alert", MessageType::alert},
                                               {"Update", MessageType::update},
                                               {"Cancel", MessageType::cancel},
                                               {"Ack", MessageType::ack},
                                               {"Error", MessageType::error}}};
constexpr Table<Scope, 3> scopes{
    {{"Public", Scope::public_}, {"Restricted", Scope::restricted}, {"Private", Scope::private_}}};
constexpr Table<Category, 12> categories{{{"Geo", Category::geo},
                                          {"Met", Category::met},
                                          {"Safety", Category::safety},
                                          {"Security", Category::security},
                                          {"Rescue", Category::rescue},
                                          {"Fire", Category::fire},
                                          {"Health", Category::health},
                                          {"Env", Category::env},
                                          {"Transport", Category::transport},
                                          {"Infra", Category::infra},
                                          {"CBRNE", Category::cbrne},
                                          {"Other", Category::other}}};
constexpr Table<ResponseType, 9> response_types{{{"Shelter", ResponseType::shelter},
                                                 {"Evacuate", ResponseType::evacuate},
                                                 {"Prepare", ResponseType::prepare},
                                                 {"Execute", ResponseType::execute},
                                                 {"Avoid", ResponseType::avoid},
                                                 {"Monitor", ResponseType::monitor},
                                                 {"Assess", ResponseType::assess},
                                                 {"AllClear", ResponseType::all_clear},
                                                 {"None", ResponseType::none}}};
constexpr Table<Urgency, 5> urgencies{{{"Immediate", Urgency::immediate},
                                       {"Expected", Urgency::expected},
                                       {"Future", Urgency::future},
                                       {"Past", Urgency::past},
                                       {"Unknown", Urgency::unknown}}};
constexpr Table<Severity, 5> severities{{{"Extreme", Severity::extreme},
                                         {"Severe", Severity::severe},
                                         {"Moderate", Severity::moderate},
                                         {"Minor", Severity::minor},
                                         {"Unknown", Severity::unknown}}};
constexpr Table<Certainty, 5> certainties{{{"Observed", Certainty::observed},
                                           {"Likely", Certainty::likely},
                                           {"Possible", Certainty::possible},
                                           {"Unlikely", Certainty::unlikely},
                                           {"Unknown", Certainty::unknown}}};
constexpr Table<Mode, 2> modes{{{"live", Mode::live}, {"drill", Mode::drill}}};
constexpr Table<Ending, 2> endings{{{"may_return", Ending::may_return}, {"not_yet", Ending::not_yet}}};

constexpr const auto& table(Status) { return statuses; }
constexpr const auto& table(MessageType) { return message_types; }
constexpr const auto& table(Scope) { return scopes; }
constexpr const auto& table(Category) { return categories; }
constexpr const auto& table(ResponseType) { return response_types; }
constexpr const auto& table(Urgency) { return urgencies; }
constexpr const auto& table(Severity) { return severities; }
constexpr const auto& table(Certainty) { return certainties; }
constexpr const auto& table(Mode) { return modes; }
constexpr const auto& table(Ending) { return endings; }

template <class E>
std::string_view name_of(E value) {
  const auto index = static_cast<std::size_t>(value);
  assert(index < table(value).size() && table(value)[index].second == value);
  return table(value)[index].first;
}

constexpr std::array<StatusRule, 5> rules{{
    {Status::actual, Mode::live, Reach::public_live, Mark::forbidden},
    {Status::exercise, Mode::drill, Reach::drill, Mark::required},
    // Real, between people and devices of the agency; never a public endpoint.
    {Status::system, Mode::live, Reach::staff_and_devices, Mark::forbidden},
    {Status::test, Mode::drill, Reach::drill, Mark::required},
    // Goes nowhere; planned as a drill, so that not even its preview can be taken for a live text.
    {Status::draft, Mode::drill, Reach::nobody, Mark::required},
}};

}  // namespace

std::span<const StatusRule> status_rules() { return rules; }

const StatusRule& rule_of(Status status) {
  const auto index = static_cast<std::size_t>(status);
  assert(index < rules.size() && rules[index].status == status);
  return rules[index];
}

std::string_view name(Status v) { return name_of(v); }
std::string_view name(MessageType v) { return name_of(v); }
std::string_view name(Scope v) { return name_of(v); }
std::string_view name(Category v) { return name_of(v); }
std::string_view name(ResponseType v) { return name_of(v); }
std::string_view name(Urgency v) { return name_of(v); }
std::string_view name(Severity v) { return name_of(v); }
std::string_view name(Certainty v) { return name_of(v); }
std::string_view name(Mode v) { return name_of(v); }
std::string_view name(Ending v) { return name_of(v); }

template <class E>
std::span<const std::pair<std::string_view, E>> choices() {
  return table(E{});
}
template std::span<const std::pair<std::string_view, Status>> choices<Status>();
template std::span<const std::pair<std::string_view, MessageType>> choices<MessageType>();
template std::span<const std::pair<std::string_view, Scope>> choices<Scope>();
template std::span<const std::pair<std::string_view, Category>> choices<Category>();
template std::span<const std::pair<std::string_view, ResponseType>> choices<ResponseType>();
template std::span<const std::pair<std::string_view, Urgency>> choices<Urgency>();
template std::span<const std::pair<std::string_view, Severity>> choices<Severity>();
template std::span<const std::pair<std::string_view, Certainty>> choices<Certainty>();
template std::span<const std::pair<std::string_view, Mode>> choices<Mode>();
template std::span<const std::pair<std::string_view, Ending>> choices<Ending>();

}  // namespace broadcaster::alert
