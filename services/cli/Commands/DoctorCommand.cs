using System.CommandLine;
using System.Text.Json;
using P2PCloud.Cli.Doctor;

namespace P2PCloud.Cli.Commands;

/// <summary><c>doctor</c>: says what is missing in a cloud, and the fix.</summary>
internal static class DoctorCommand
{
    public static Command Describe(CliConsole console, GlobalOptions options)
    {
        var space = new Option<string?>("--namespace", "-n") { Description = "Also examine the pods of this namespace, through kubectl", HelpName = "NAME" };
        var program = new Option<string>("--kubectl") { Description = "The program kubectl, else the one in PATH", HelpName = "FILE", DefaultValueFactory = _ => "kubectl" };
        var jaeger = new Option<string?>("--jaeger") { Description = "Also look for a lookup's spans in Jaeger at this address", HelpName = "URL" };
        jaeger.Validators.Add(result =>
        {
            if (result.Tokens is [{ Value: var text }] && !(Uri.TryCreate(text, UriKind.Absolute, out var address) && address.Scheme is "http" or "https"))
            {
                result.AddError($"--jaeger is an address such as http://localhost:16686, not '{text}'");
            }
        });
        var command = new Command("doctor", "Say what is missing in a cloud, and what to do") { space, program, jaeger };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var connected = options.Connect(parsed);
            if (connected is not { Value: { } gateway })
            {
                return console.Fail(connected.Failure!);
            }

            using (gateway)
            {
                var name = parsed.GetValue(space);
                var pods = name is null ? null : new PodExamination(new Kubectl(parsed.GetValue(program)!), name);
                var traces = parsed.GetValue(jaeger) is { } address ? new TraceExamination(new Uri($"{address.TrimEnd('/')}/"), console.Time) : null;
                return await RunAsync(console, options.IsJson(parsed), pods, new CloudExamination(gateway, name), traces, cancellationToken);
            }
        });
        return command;
    }

    private static async Task<int> RunAsync(
        CliConsole console, bool json, PodExamination? pods, CloudExamination cloud, TraceExamination? traces, CancellationToken cancellationToken)
    {
        List<Finding> findings = [];
        void Add(Finding finding)
        {
            findings.Add(finding);
            if (!json)
            {
                Write(console, finding);
            }
        }

        foreach (var finding in pods is null ? [] : await pods.RunAsync(cancellationToken))
        {
            Add(finding);
        }

        List<string> ids = [];
        await foreach (var finding in cloud.RunAsync(ids, cancellationToken))
        {
            Add(finding);
        }

        if (traces is not null)
        {
            Add(ids.Count > 0
                ? await traces.RunAsync(ids[^1], cancellationToken)
                : new Finding("spans could not be looked for in Jaeger: no lookup was answered", "see to what is wrong above, then ask again"));
        }

        if (json)
        {
            console.Out.WriteLine(JsonSerializer.Serialize(findings, DoctorJsonContext.Default.IReadOnlyListFinding));
        }

        return findings.TrueForAll(finding => finding.Ok) ? ExitCodes.Ok : ExitCodes.Failed;
    }

    private static void Write(CliConsole console, Finding finding)
    {
        console.Out.WriteLine($"{(finding.Ok ? "ok" : "wrong")}\t{Output.Printable.Line(finding.What)}");
        if (finding.Fix is not null)
        {
            console.Out.WriteLine($"\tfix: {Output.Printable.Line(finding.Fix)}");
        }
    }
}
