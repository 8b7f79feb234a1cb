using System.ComponentModel.DataAnnotations;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Options;

namespace P2PCloud.ServiceDefaults;

/// <summary>How a request to an app-id finds its way.</summary>
public enum InvocationMode
{
    /// <summary>To the address that came with the node reference, or is configured for the app-id.</summary>
    Direct,

    /// <summary>Through the Dapr sidecar of this service.</summary>
    Dapr,
}

/// <summary>Section <c>Invocation</c>.</summary>
public sealed class InvocationOptions
{
    /// <summary>Name of the section.</summary>
    public const string Section = "Invocation";

    /// <summary>Direct or Dapr.</summary>
    public InvocationMode Mode { get; set; } = InvocationMode.Direct;

    /// <summary>In Dapr mode, the sidecar's HTTP address.</summary>
    [Required, Url]
    public string DaprEndpoint { get; set; } = "http://127.0.0.1:3500";

    /// <summary>In direct mode, base addresses of the app-ids that have a fixed one: <c>bootstrap</c>, <c>directory</c>.</summary>
    public IDictionary<string, string> Endpoints { get; } = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);

    /// <summary>
    /// In Dapr mode, the app-ids under which services with a fixed name are deployed, by that name: <c>bootstrap</c>, <c>directory</c>.
    /// Two clouds in one namespace differ by them.
    /// </summary>
    public IDictionary<string, string> AppIds { get; } = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);

    /// <summary>Time to connect to a node.</summary>
    [Range(typeof(TimeSpan), "00:00:00.050", "00:01:00")]
    public TimeSpan ConnectTimeout { get; set; } = TimeSpan.FromSeconds(1);
}

/// <summary>Checks <see cref="InvocationOptions"/> when the service starts.</summary>
public sealed partial class InvocationOptionsValidator : IValidateOptions<InvocationOptions>
{
    private readonly InvocationAttributesValidator _attributes = new();

    /// <inheritdoc/>
    public ValidateOptionsResult Validate(string? name, InvocationOptions options)
    {
        var result = new ValidateOptionsResultBuilder();
        result.AddResult(_attributes.Validate(name, options));
        foreach (var (service, app) in options.AppIds.Where(entry => !AppId().IsMatch(entry.Value)))
        {
            result.AddError($"Invocation:AppIds:{service} is an app-id, at most 58 lower-case letters, digits and hyphens, not '{app}'.");
        }

        return result.Build();
    }

    [GeneratedRegex("^[a-z0-9]([-a-z0-9]{0,56}[a-z0-9])?$")]
    private static partial Regex AppId();
}

[OptionsValidator]
internal sealed partial class InvocationAttributesValidator : IValidateOptions<InvocationOptions>;
