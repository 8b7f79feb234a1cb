using System.Diagnostics;
using System.Globalization;

namespace P2PCloud.Cli.Tests;

public sealed class DoctorKubectlTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Without_kubectl_it_says_so()
    {
        var line = await FirstLineAsync("no-such-program");

        Assert.StartsWith("wrong\tkubectl: ", line, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(
        """
        echo 'E1129 10:00:00.000001     123 memcache.go:265] "Unhandled Error" err="no route to host"' >&2
        echo 'Unable to connect to the server: no route to host' >&2
        echo 'E1129 10:00:00.000002     123 memcache.go:265] "Unhandled Error" err="no route to host"' >&2
        echo >&2
        exit 1
        """,
        "wrong\tkubectl: Unable to connect to the server: no route to host")]
    [InlineData(
        """
        echo 'E1129 10:00:00.000001     123 memcache.go:265] "Unhandled Error" err="no route to host"' >&2
        exit 3
        """,
        "wrong\tkubectl: exit code 3")]
    [InlineData("exit 3", "wrong\tkubectl: exit code 3")]
    public async Task The_cause_that_kubectl_prints_last_is_shown(string get, string expected)
    {
        using var folder = new TemporaryFolder();
        var kubectl = FakeKubectl.WithScript(folder, $"[ \"$1\" = config ] && {{ echo kind-p2pcloud; exit 0; }}\n{get}");

        Assert.Equal(expected, await FirstLineAsync(kubectl));
    }

    /// <summary>Without a cluster kubectl asks port 8080 of this machine, where the gateway may be the one to answer.</summary>
    [Theory]
    [InlineData("The connection to the server localhost:8080 was refused - did you specify the right host or port?")]
    [InlineData("Error from server (NotFound): the server could not find the requested resource")]
    public async Task That_kubectl_has_no_cluster_is_said(string answer)
    {
        await using var gateway = await DoctorCloud.SoundAsync();
        using var folder = new TemporaryFolder();
        var kubectl = FakeKubectl.WithScript(
            folder, $"[ \"$*\" = 'config current-context' ] && echo 'error: current-context is not set' >&2 || echo '{answer}' >&2\nexit 1");

        var outcome = await CommandLine.RunAsync(gateway, "doctor", "--namespace", "p2p", "--kubectl", kubectl);

        Assert.Equal($"wrong\tkubectl has no cluster (error: current-context is not set): {answer}", outcome.Lines[0]);
        Assert.Contains("kubectl config current-context", outcome.Lines[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Answers_that_are_no_JSON_are_a_finding()
    {
        using var folder = new TemporaryFolder();

        Assert.StartsWith("wrong\tkubectl: ", await FirstLineAsync(FakeKubectl.WithScript(folder, "echo hello")), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"items":{}}""")]
    [InlineData("""{"items":[1]}""")]
    public async Task JSON_of_another_shape_has_no_pods(string json)
    {
        using var folder = new TemporaryFolder();

        var line = await FirstLineAsync(FakeKubectl.WithScript(folder, $"echo '{json}'"));

        Assert.Equal("wrong\tno pod runs in the namespace p2p", line);
    }

    [Fact]
    public async Task A_kubectl_that_hangs_ends_with_the_command()
    {
        await using var gateway = await DoctorCloud.SoundAsync();
        using var folder = new TemporaryFolder();
        var kubectl = FakeKubectl.WithScript(folder, "echo $$ > \"$(dirname \"$0\")/started\"; mv \"$(dirname \"$0\")/started\" \"$(dirname \"$0\")/pid\"; exec sleep 300");
        using var interrupted = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var running = CommandLine.RunUntilAsync(
            ["doctor", "--namespace", "p2p", "--kubectl", kubectl, "--gateway", gateway.Address], console => console, interrupted.Token);
        while (!File.Exists(folder.At("pid")))
        {
            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, Token);
        }

        await interrupted.CancelAsync();
        await running;

        var id = int.Parse(await File.ReadAllTextAsync(folder.At("pid"), Token), CultureInfo.InvariantCulture);
        try
        {
            using var left = Process.GetProcessById(id);
            await left.WaitForExitAsync(Token).WaitAsync(TimeSpan.FromSeconds(20), Token);
        }
        catch (ArgumentException)
        {
            // It is gone already.
        }
    }

    private static async Task<string> FirstLineAsync(string kubectl)
    {
        await using var gateway = await DoctorCloud.SoundAsync();
        return (await CommandLine.RunAsync(gateway, "doctor", "--namespace", "p2p", "--kubectl", kubectl)).Lines[0];
    }
}
