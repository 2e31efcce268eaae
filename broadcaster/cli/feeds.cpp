// broadcaster feeds: the warning centres that are watched, and what they brought that waits for a person; and
// broadcaster feeds dismiss: a person has looked, and goes on without it.
#include <boost/json.hpp>

#include "broadcaster/cli/commands.hpp"
#include "broadcaster/cli/json_values.hpp"
#include "broadcaster/service/wire.hpp"

namespace broadcaster::cli {
namespace json = boost::json;
namespace {

std::string said(const Context& context, const json::object& object, std::string_view key) {
  const auto* text = object.if_contains(key);
  return text && text->is_object() ? context.screen().say(service::text_from_json(*text)) : std::string("–");
}

std::string time_of(const Context& context, const json::object& object, std::string_view key) {
  const auto time = text_of(object, key);
  return time.empty() ? std::string("–") : context.local(time);
}

base::Text feed_line(const Context& context, const json::object& feed) {
  const auto state = feed.contains("trouble")             ? "cli.feed_trouble"
                     : !is_true(feed, "polled")           ? "cli.feed_not_polled"
                     : text_of(feed, "last_good").empty() ? "cli.feed_waits"
                                                          : "cli.feed_good";
  return {"cli.feed",
          {{"feed", text_of(feed, "name")},
           {"kind", text_of(feed, "kind")},
           {"url", text_of(feed, "url")},
           {"seconds", number_of(feed, "every_s")},
           {"state", base::Key{state}},
           {"good", time_of(context, feed, "last_good")}}};
}

void show(const Context& context, const json::object& document) {
  const auto& screen = context.screen();
  const auto feeds = objects_of(document, "feeds");
  const auto matters = objects_of(document, "matters");
  for (const auto& feed : feeds) {
    screen.line(feed_line(context, feed));
    if (feed.contains("trouble")) screen.text("  " + said(context, feed, "trouble"));
  }
  if (feeds.empty()) screen.line({"cli.no_feeds", {}});
  for (const auto& matter : matters) {
    screen.text("");
    const auto kind = is_true(matter, "dismissed")         ? "cli.feed_dismissed_draft"
                      : text_of(matter, "kind") == "draft" ? "cli.feed_draft"
                                                           : "cli.feed_question";
    screen.line({kind,
                 {{"id", text_of(matter, "id")},
                  {"since", time_of(context, matter, "opened")},
                  {"until", time_of(context, matter, "ends")}}});
    screen.text("  " + said(context, matter, "news"));
    for (const auto& source : objects_of(matter, "sources"))
      screen.line({is_true(source, "over") ? "cli.feed_source_over" : "cli.feed_source",
                   {{"bulletin", text_of(source, "bulletin")}, {"feed", text_of(source, "feed")}}});
  }
  if (matters.empty()) screen.line({"cli.no_drafts", {}});
  for (const auto& refused : objects_of(document, "refused"))
    screen.line({"cli.feed_refused",
                 {{"feed", text_of(refused, "feed")},
                  {"bulletin", text_of(refused, "bulletin")},
                  {"time", time_of(context, refused, "at")},
                  {"why", said(context, refused, "why")}}});
}

}  // namespace

int feeds(const Context& context) {
  const auto& screen = context.screen();
  const auto mode = context.mode();
  if (!mode) return screen.fail(mode.error());
  auto session = context.session(*mode, service::Work::read);
  if (!session) return screen.fail(session.error());
  auto document = session->ask({{"op", "feeds"}});
  if (!document) return screen.fail(document.error());
  document->erase("ok");
  switch (context.output()) {
    case Context::Output::json:
      screen.json(*document);
      break;
    case Context::Output::text:
      show(context, *document);
      break;
  }
  return Exit::done;
}

int dismiss_matter(const Context& context, const DismissMatter& options) {
  const auto& screen = context.screen();
  const auto mode = context.mode();
  if (!mode) return screen.fail(mode.error());
  auto session = context.session(*mode, service::Work::read);
  if (!session) return screen.fail(session.error());
  const auto done = session->ask({{"op", "feed_dismiss"}, {"id", options.id}, {"reason", options.reason}});
  if (!done) return screen.fail(done.error());
  switch (context.output()) {
    case Context::Output::json:
      screen.json(json::object{{"id", options.id}, {"dismissed", true}});
      break;
    case Context::Output::text:
      screen.line({"cli.feed_dismissed", {{"id", options.id}}});
      break;
  }
  return Exit::done;
}

}  // namespace broadcaster::cli
