// Times as people in a zone read them (ICU and its time-zone data: when a plan is made, never at release).
// Thread rule: any thread.
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "broadcaster/alert/vocabulary.hpp"
#include "broadcaster/base/time.hpp"

namespace broadcaster::plan {

/// `iana` must be a name that ICU knows (alert::is_time_zone).
std::chrono::minutes utc_offset(const std::string& iana, base::WallTime at);

/// `clock` is an ICU pattern such as "HH.mm". A time more than twelve hours after `now` gets its day and month in
/// front, since "02.35" would be read as tonight.
std::string local_time(base::WallTime time, base::WallTime now, const std::string& iana,
                       const alert::Language& language, const std::string& clock);

/// "2026-11-24 02.15 WIB", for screens and pages.
std::string local_text(const std::string& iana, const std::string& zone_name, base::WallTime time);

/// "Muara, Pasir, dan Teluk"
std::string join_names(const std::vector<std::string>& names, const alert::Language& language);

}  // namespace broadcaster::plan
