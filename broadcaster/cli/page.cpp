// broadcaster page: who is being woken about what; page ack: somebody has it.
#include "broadcaster/cli/page.hpp"

#include <boost/json.hpp>

#include "broadcaster/approval/plan_file.hpp"
#include "broadcaster/cli/json_values.hpp"
#include "broadcaster/service/wire.hpp"

namespace broadcaster::cli {
namespace json = boost::json;
namespace {

base::Text reached_word(const json::object& called) { return {"cli.page_reached_" + text_of(called, "reached"), {}}; }

/// "Sari (2×, taken), Bayu (1×, NOT taken by any way)"
std::string called_line(const Context& context, const json::object& page) {
  const auto& screen = context.screen();
  std::string out;
  for (const auto& called : objects_of(page, "called"))
    out += (out.empty() ? "" : ", ") + screen.say({"cli.page_called",
                                                   {{"person", text_of(called, "person")},
                                                    {"tries", number_of(called, "tries")},
                                                    {"reached", screen.say(reached_word(called))}}});
  return out.empty() ? screen.say({"cli.page_nobody_called", {}}) : out;
}

void show_page(const Context& context, const json::object& page) {
  const auto& screen = context.screen();
  const auto* text = page.if_contains("text");
  screen.line({"cli.page",
               {{"page", text_of(page, "page")},
                {"since", context.local(text_of(page, "opened"))},
                {"text", screen.say(service::text_from_json(text ? *text : json::value()))},
                {"called", called_line(context, page)}}});
  for (const auto& ack : objects_of(page, "acknowledged"))
    screen.line({"cli.page_acknowledged", {{"by", text_of(ack, "by")}, {"time", context.local(text_of(ack, "at"))}}});
}

/// Who types a name that nobody has would be no help to whoever asks later.
base::Result<void> known_person(const Context& context, const std::string& by) {
  if (by.empty()) return {};
  const auto people = approval::read_people(context.config_folder() / "people.yaml");
  if (!people || people->find(by)) return {};  // what is wrong in that file keeps nobody from acknowledging
  return base::fail(base::ErrorKind::usage, {"cli.page_unknown_person", {{"found", by}}});
}

base::Result<json::object> ask_pages(const Context& context) {
  const auto mode = context.mode();
  if (!mode) return std::unexpected(mode.error());
  auto session = context.session(*mode, service::Work::read);
  if (!session) return std::unexpected(session.error().front());
  return session->ask({{"op", "pages"}});
}

}  // namespace

int pages(const Context& context) {
  const auto& screen = context.screen();
  auto answer = ask_pages(context);
  if (!answer) return screen.fail(answer.error());
  switch (context.output()) {
    case Context::Output::json:
      answer->erase("ok");
      screen.json(*answer);
      break;
    case Context::Output::text:
      show_pages(context, *answer);
      if (objects_of(*answer, "open").empty()) screen.line({"cli.no_pages", {}});
      break;
  }
  return Exit::done;
}

int page_ack(const Context& context, const PageChoice& options) {
  const auto& screen = context.screen();
  const auto mode = context.mode();
  if (!mode) return screen.fail(mode.error());
  if (const auto known = known_person(context, options.by); !known) return screen.fail(known.error());
  auto session = context.session(*mode, service::Work::read);
  if (!session) return screen.fail(session.error());
  json::object request{{"op", "page_ack"}, {"page", options.page}};
  if (!options.by.empty()) request["by"] = options.by;
  const auto done = session->ask(std::move(request));
  if (!done) return screen.fail(done.error());
  if (context.output() == Context::Output::json)
    screen.json(json::object{{"page", options.page}, {"acknowledged", true}});
  else
    screen.line({"cli.page_acked", {{"page", options.page}}});
  return Exit::done;
}

int page_approvers(const Context& context, const std::string& file) {
  const auto& screen = context.screen();
  const auto plan = approval::read_plan_file(file);
  if (!plan) return screen.fail(plan.error());
  const auto mode = plan->plan.mode;
  if (const auto allowed = context.allows(mode, file); !allowed) return screen.fail(allowed.error());
  // An owner that ends with this command would call once, and nobody after that.
  if (!service::owner_of(context.state(mode)))
    return screen.fail(base::ErrorKind::unavailable,
                       {"cli.page_needs_serve", {{"mode", std::string(alert::name(mode))}}});
  const auto paged = ask_for_approvers(context, *plan, file);
  if (!paged) return screen.fail(paged.error());
  if (context.output() == Context::Output::json)
    screen.json(json::object{{"page", text_of(*paged, "page")}, {"opened", text_of(*paged, "opened")}});
  else
    screen.line(approvers_paged(context, *paged));
  return Exit::done;
}

base::Checked<json::object> ask_for_approvers(const Context& context, const approval::SignedPlan& plan,
                                              const std::string& file) {
  auto session = context.session(plan.plan.mode, service::Work::read);
  if (!session) return std::unexpected(session.error());
  auto paged = session->ask({{"op", "page_approvers"}, {"plan", approval::plan_file_text(plan)}, {"file", file}});
  if (!paged) return std::unexpected(base::Errors{paged.error()});
  return std::move(*paged);
}

base::Text approvers_paged(const Context& context, const json::object& paged) {
  return {"cli.approvers_paged", {{"page", text_of(paged, "page")}, {"time", context.local(text_of(paged, "opened"))}}};
}

void show_pages(const Context& context, const json::object& pages) {
  const auto& screen = context.screen();
  const auto* duty = pages.if_contains("duty");
  if (duty && duty->is_bool()) {
    std::string names;
    if (const auto* list = pages.if_contains("on_duty"); list && list->is_array())
      for (const auto& name : list->get_array())
        if (name.is_string()) names += (names.empty() ? "" : ", ") + std::string(name.get_string());
    if (!duty->get_bool())
      screen.line({"service.no_duty", {}});
    else if (number_of(pages, "ways") == 0)
      screen.line({"service.page_no_way", {}});
    else
      screen.line({"cli.on_duty", {{"names", names}}});
  } else if (std::error_code ignored; !std::filesystem::exists(context.config_folder() / "duty.yaml", ignored)) {
    screen.line({"service.no_duty", {}});
  }
  for (const auto& page : objects_of(pages, "open")) show_page(context, page);
}

std::optional<base::Text> nobody_woken(const service::Config& config, alert::Mode mode) {
  if (!config.duty) return base::Text{"service.no_duty", {}};
  if (!config.duty->has_ways(mode)) return base::Text{"service.page_no_way", {}};
  return std::nullopt;
}

}  // namespace broadcaster::cli
