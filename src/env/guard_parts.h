// The parts of guard(): what is there, and one function for each kind of question.
#pragma once

#include "env/guard.h"
#include "git/repository.h"

#include <optional>

namespace stanch::env {

// The files that matter, found in one walk. Paths are relative to the root.
struct GuardFiles {
    std::string root;
    std::vector<std::string> env; // .env files, links included
    std::vector<std::string> examples;
    std::vector<std::string> docker_files; // Dockerfile, Containerfile, *.Dockerfile
    std::vector<std::string> compose_files;
    std::vector<std::string> archives;     // below dist/
    std::vector<std::string> manifests;    // MANIFEST.in
    std::vector<std::string> server_files; // nginx.conf, *.conf, .htaccess
    std::vector<std::string> index_pages;  // index.html, index.php
};

GuardFiles find_guard_files(const std::string& root);

void check_git(const GuardFiles& files, const git::Repository& repository, bool history,
               GuardReport& report);
void check_ignored(const GuardFiles& files, const git::Repository& repository, GuardReport& report);
void check_files(const GuardFiles& files, GuardReport& report); // mode, owner, links
void check_web(const GuardFiles& files, GuardReport& report);
void check_examples(const GuardFiles& files, GuardReport& report);
void check_docker(const GuardFiles& files, GuardReport& report);
void check_packages(const GuardFiles& files, GuardReport& report);

// Whether the repository's own rules ignore a path; `text` stands for the root's .gitignore where
// it is given.
bool ignored_by_repository(const std::string& root, const std::string& path,
                           const std::optional<std::string>& text = {});

// "a/b/c" → "a/b", "c" → "".
std::string folder_of(const std::string& path);
std::string name_of(const std::string& path);
std::string joined_path(const std::string& folder, const std::string& name);
std::string lower_case(std::string_view text);

} // namespace stanch::env
