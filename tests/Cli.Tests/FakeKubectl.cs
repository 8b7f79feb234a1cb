namespace P2PCloud.Cli.Tests;

/// <summary>A program in the place of kubectl.</summary>
internal static class FakeKubectl
{
    /// <summary>Answers to the question that the doctor asks, with these objects.</summary>
    public static string WithObjects(TemporaryFolder folder, params string[] items)
    {
        folder.Write("objects.json", $$"""{"items":[{{string.Join(',', items)}}]}""");
        return WithScript(
            folder,
            """
            expected='get pods,statefulsets,deployments --namespace p2p --selector app.kubernetes.io/name=p2pcloud --output json --request-timeout=10s'
            [ "$*" = "$expected" ] && cat "$(dirname "$0")/objects.json"
            """);
    }

    /// <summary>Runs the lines of a shell script.</summary>
    public static string WithScript(TemporaryFolder folder, string lines)
    {
        var script = folder.Write("kubectl", $"#!/bin/sh\n{lines}\n");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(script, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }

        return script;
    }
}
