using System.ComponentModel.DataAnnotations;
using System.Numerics;
using Microsoft.Extensions.Options;
using P2PCloud.Overlays.Boot;
using P2PCloud.Overlays.Chord;
using P2PCloud.Overlays.Kazaa;

namespace P2PCloud.Peer.Overlays;

/// <summary>Section <c>Overlays</c>: this peer's part in the four overlays.</summary>
public sealed class OverlayOptions
{
    /// <summary>Name of the section.</summary>
    public const string Section = "Overlays";

    /// <summary>Chord nodes of this peer.</summary>
    [Range(1, 64)]
    public int VirtualNodes { get; set; } = 4;

    /// <summary>m: bits of an id, the same for all peers.</summary>
    [Range(3, 128)]
    public int ChordBits { get; set; } = 128;

    /// <summary>r: length of the successor list.</summary>
    [Range(1, 64)]
    public int ChordSuccessors { get; set; } = 8;

    /// <summary>b: base of the finger tables, a power of two; 2 is the paper's.</summary>
    [Range(2, 256)]
    public int ChordBase { get; set; } = new ChordParameters().FingerBase;

    /// <summary>How lookups find their way round the ring, the same for all peers: by <c>fingers</c>, or by a <c>full</c> table of the members.</summary>
    [Required, RegularExpression("^(fingers|full)$", ErrorMessage = "Overlays:ChordRouting is fingers or full.")]
    public string ChordRouting { get; set; } = "fingers";

    /// <summary>k: peers that hold each posting, and each key; at most r, among whose nodes the owner finds the others.</summary>
    [Range(1, 16)]
    public int ChordReplication { get; set; } = 3;

    /// <summary>How long a posting in the ring outlives its publisher.</summary>
    [Range(typeof(TimeSpan), "00:00:00.500", "01:00:00")]
    public TimeSpan PostingLease { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>TTL of a Gnutella query.</summary>
    [Range(1, 15)]
    public int GnutellaTtl { get; set; } = 7;

    /// <summary>Gnutella links that the peer keeps up.</summary>
    [Range(1, 64)]
    public int GnutellaDegree { get; set; } = 4;

    /// <summary>Mean time between two exchanges of views of the peers that this one begins.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "01:00:00")]
    public TimeSpan ShufflePeriod { get; set; } = new PeerSamplingParameters().Period;

    /// <summary>Whether this peer becomes a KaZaA group leader when leaders are missing or full.</summary>
    public bool KazaaMayLead { get; set; } = true;

    /// <summary>How long this peer has been up before it may lead.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "1.00:00:00")]
    public TimeSpan KazaaMinUptime { get; set; } = new PromotionParameters().UptimeMin;
}

/// <summary>Checks <see cref="OverlayOptions"/> when the service starts.</summary>
public sealed class OverlayOptionsValidator : IValidateOptions<OverlayOptions>
{
    private readonly OverlayAttributesValidator _attributes = new();

    /// <inheritdoc/>
    public ValidateOptionsResult Validate(string? name, OverlayOptions options)
    {
        var result = new ValidateOptionsResultBuilder();
        var attributes = _attributes.Validate(name, options);
        result.AddResult(attributes);
        if (!attributes.Failed && !BitOperations.IsPow2(options.ChordBase))
        {
            result.AddError($"Overlays:ChordBase is a power of two, 2 to 256, not {options.ChordBase}.");
        }

        if (!attributes.Failed && options.ChordReplication > options.ChordSuccessors)
        {
            result.AddError(
                $"Overlays:ChordReplication ({options.ChordReplication}) is more than Overlays:ChordSuccessors ({options.ChordSuccessors}): "
                + "copies are kept at successors. Lower the first or raise the second.");
        }

        return result.Build();
    }
}

[OptionsValidator]
internal sealed partial class OverlayAttributesValidator : IValidateOptions<OverlayOptions>;
