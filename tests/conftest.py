"""What all tests share."""

pytest_plugins = [
    "tests.description_plugin",
    "tests.faults_plugin",
    "tests.processes_plugin",
    "tests.schema_plugin",
    "tests.summary_plugin",
]
