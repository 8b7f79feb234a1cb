using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace P2PCloud.Bootstrap;

/// <summary>Section <c>Bootstrap</c>.</summary>
public sealed class BootstrapOptions
{
    /// <summary>Name of the section.</summary>
    public const string Section = "Bootstrap";

    /// <summary>How long an entry lives without being renewed.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:05:00")]
    public TimeSpan Lease { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Members in the answer to a sample, at most.</summary>
    [Range(1, 10_000)]
    public int SampleMax { get; set; } = 1000;

    /// <summary>Contacts in the answer to a registration, at most.</summary>
    [Range(1, 1000)]
    public int ContactsMax { get; set; } = 100;
}

/// <summary>Checks <see cref="BootstrapOptions"/> when the service starts.</summary>
[OptionsValidator]
public sealed partial class BootstrapOptionsValidator : IValidateOptions<BootstrapOptions>;
