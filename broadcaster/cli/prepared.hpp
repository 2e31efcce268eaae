// What the commands around prepared alerts share: telling their files from plans, showing them, and the list that
// `status` gives of those in prepared/ of the configuration. Thread rule: main thread; blocking on the disk.
#pragma once

#include <boost/json/array.hpp>
#include <filesystem>

#include "broadcaster/approval/prepared.hpp"
#include "broadcaster/cli/commands.hpp"
#include "broadcaster/service/prepared_today.hpp"

namespace broadcaster::cli {

/// Of a file that cannot be read: no. Whoever reads it as a plan says why.
bool holds_form(const std::filesystem::path& file);

int show_form(const Context& context, const std::string& file);
void show_form(const Context& context, const approval::SignedForm& form, const std::string& file);
int approve_form(const Context& context, const Approve& options);

base::Checked<service::PreparedToday> today_of(const Context& context, const plan::Form& form);

/// Each *.form of this mode: ready until, void since and why, or what it waits for; and whose people would be told
/// nothing if it were fired now.
void show_prepared(const Context& context, alert::Mode mode);
/// [{"file", "state": ready | waiting | void, "until", "since"?, "reasons", "lists", "digest"?}]
boost::json::array prepared_json(const Context& context, alert::Mode mode);

}  // namespace broadcaster::cli
