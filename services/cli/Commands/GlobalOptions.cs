using System.CommandLine;
using P2PCloud.Cli.Gateway;

namespace P2PCloud.Cli.Commands;

/// <summary>The options of every command.</summary>
internal sealed class GlobalOptions
{
    private const string DefaultGateway = "http://localhost:8080";
    private readonly CliConsole _console;
    private readonly Option<string?> _gateway;
    private readonly Option<string> _output;

    public GlobalOptions(CliConsole console)
    {
        _console = console;
        _gateway = new Option<string?>("--gateway")
        {
            Description = $"Address of the gateway, else {CliConsole.GatewayVariable}, else {DefaultGateway}",
            HelpName = "URL",
            Recursive = true,
        };
        _gateway.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<string?>() is { } text && AddressOf(text) is null)
            {
                result.AddError(NotAnAddress("--gateway", text));
            }
        });
        _output = Values.OneOf("--output", "Form of the answer", ["text", "json"]);
        _output.Recursive = true;
    }

    public void AddTo(RootCommand root)
    {
        root.Options.Add(_gateway);
        root.Options.Add(_output);
    }

    public bool IsJson(ParseResult parsed) => parsed.GetValue(_output) is "json";

    /// <summary>A client of the gateway that the command line, the environment or the default names.</summary>
    public Reply<GatewayClient> Connect(ParseResult parsed)
    {
        var environment = string.IsNullOrEmpty(_console.Gateway) ? null : _console.Gateway;
        var text = parsed.GetValue(_gateway) ?? environment ?? DefaultGateway;
        return AddressOf(text) is { } address
            ? new GatewayClient(address)
            : new Failure(NotAnAddress(CliConsole.GatewayVariable, text), ExitCodes.Usage);
    }

    private static Uri? AddressOf(string text) =>
        Uri.TryCreate(text.EndsWith('/') ? text : $"{text}/", UriKind.Absolute, out var address) && address.Scheme is "http" or "https"
            ? address
            : null;

    private static string NotAnAddress(string where, string text) =>
        $"{where} is an address such as {DefaultGateway}, not '{text}'";
}
