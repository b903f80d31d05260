"""The shell steps of CI jobs, taken from the files that ship and from the jobs that docs/ci.md shows: what a test runs is
what a team's CI would run."""
import os
import pathlib
import re
import textwrap

import yaml

SOURCE = pathlib.Path(os.environ["STANCH_SOURCE"])


def documented(title):
    """the indented block below a heading of docs/ci.md"""
    section = (SOURCE / "docs/ci.md").read_text().split(f"## {title}\n")[1].split("\n## ")[0]
    lines = [line for line in section.splitlines() if line.startswith("    ") or not line]
    return textwrap.dedent("\n".join(lines)).strip() + "\n"


def azure():
    """[script]"""
    return [step["script"] for step in yaml.safe_load(documented("Azure Pipelines"))["steps"] if "script" in step]


def bitbucket():
    """[script]: of the branches' pipeline, and of the pull requests'"""
    pipelines = yaml.safe_load(documented("Bitbucket Pipelines"))["pipelines"]
    return ["\n".join(item["step"]["script"]) for item in pipelines["default"] + pipelines["pull-requests"]["**"]]


def circleci():
    """[script]"""
    job = yaml.safe_load(documented("CircleCI"))["jobs"]["secrets"]
    return [step["run"] for step in job["steps"] if isinstance(step, dict) and "run" in step]


def jenkins():
    """[script]"""
    return re.findall(r"^ *sh '([^']*)'$", documented("Jenkins"), re.M)


def gitlab():
    """(before_script, script, variables) of the template's job"""
    job = yaml.safe_load((SOURCE / "integrations/gitlab/stanch.gitlab-ci.yml").read_text())["stanch"]
    return "\n".join(job["before_script"]), "\n".join(job["script"]), job["variables"]


class GithubAction:
    """A composite action's steps, with the expressions that they use."""

    def __init__(self, folder, inputs, fork):
        self.folder = folder
        action = yaml.safe_load((folder / "action.yml").read_text())
        self.steps = action["runs"]["steps"]
        self.values = {f"inputs.{name}": inputs.get(name, value.get("default", "")) for name, value in action["inputs"].items()}
        self.values["github.event.pull_request.head.repo.fork"] = fork

    def outputs(self, step, text):
        for line in text.splitlines():
            name, _, value = line.partition("=")
            self.values[f"steps.{step}.outputs.{name}"] = value

    def text(self, value):
        """with its ${{ … }} replaced"""
        return re.sub(r"\$\{\{ *([\w.-]+) *\}\}", lambda match: str(self.values.get(match[1], "")), value)

    def environment(self, step):
        return {name: self.text(value) for name, value in step.get("env", {}).items()}

    def runs(self, step, failed):
        """whether its `if` lets it run; without one it runs where nothing failed"""
        condition = step.get("if", "success()")
        names = re.compile(r"'[^']*'|always\(\)|success\(\)|true|&&|\|\||[a-z]\w*(?:\.[\w-]+)+")
        fixed = {"always()": "True", "success()": str(not failed), "true": "True", "&&": "and", "||": "or"}
        return bool(eval(names.sub(lambda match: match[0] if match[0][0] == "'" else
                                   fixed.get(match[0]) or repr(self.values.get(match[0], "")), " ".join(condition.split()))))
