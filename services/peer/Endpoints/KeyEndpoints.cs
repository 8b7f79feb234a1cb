using System.Text;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.HttpResults;
using P2PCloud.Contracts.Api;
using P2PCloud.Contracts.Chord;
using P2PCloud.Overlays.Chord;
using P2PCloud.Peer.Keys;

namespace P2PCloud.Peer.Endpoints;

/// <summary>Operations on keys, for the gateway. Also a missing key and a conflict are 200: they are answers of the ring.</summary>
internal static class KeyEndpoints
{
    private const string BadConsistency = "consistency is one or quorum.";

    private const string BadCondition = "ifVersion is a version: 16 hexadecimal digits, a hyphen and the node that gave it.";

    public static void MapKeys(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/keys", GetAsync);
        routes.MapPut("/keys", PutAsync);
        routes.MapDelete("/keys", DeleteAsync);
    }

    private static async Task<Results<Ok<KeyAnswer>, ProblemHttpResult>> GetAsync(
        KeyService keys, CancellationToken cancellationToken, string key = "", string? consistency = null)
    {
        if (ProblemOf(key) is { } bad)
        {
            return Refuse(bad);
        }

        return ConsistencyOf(consistency) is { } level
            ? TypedResults.Ok(await keys.ReadAsync(new GetKeyCommand(key, level), cancellationToken))
            : Refuse(BadConsistency);
    }

    private static async Task<Results<Ok<KeyAnswer>, ProblemHttpResult>> PutAsync(
        HttpContext http,
        KeyService keys,
        CancellationToken cancellationToken,
        string key = "",
        string? consistency = null,
        int? ttl = null,
        string? ifVersion = null,
        bool ifAbsent = false,
        bool ifPresent = false,
        string? operation = null)
    {
        if ((ProblemOf(key) ?? (ttl < 1 ? "ttl is a positive number of seconds." : null)) is { } bad)
        {
            return Refuse(bad);
        }

        if (ConsistencyOf(consistency) is not { } level)
        {
            return Refuse(BadConsistency);
        }

        if (ConditionOf(ifVersion, ifAbsent, ifPresent) is not { } condition)
        {
            return Refuse(BadCondition);
        }

        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
        {
            limit.MaxRequestBodySize = KeyLimits.ValueBytesMax;
        }

        using var value = new MemoryStream();
        await http.Request.Body.CopyToAsync(value, cancellationToken);
        var lifetime = ttl is { } seconds ? TimeSpan.FromSeconds(seconds) : (TimeSpan?)null;
        return TypedResults.Ok(await keys.WriteAsync(new PutKeyCommand(key, value.ToArray(), lifetime, condition, level), operation));
    }

    private static async Task<Results<Ok<KeyAnswer>, ProblemHttpResult>> DeleteAsync(
        KeyService keys, string key = "", string? consistency = null, string? ifVersion = null, bool ifPresent = false, string? operation = null)
    {
        if (ProblemOf(key) is { } bad)
        {
            return Refuse(bad);
        }

        if (ConsistencyOf(consistency) is not { } level)
        {
            return Refuse(BadConsistency);
        }

        return ConditionOf(ifVersion, ifAbsent: false, ifPresent) is { } condition
            ? TypedResults.Ok(await keys.WriteAsync(new DeleteKeyCommand(key, condition, level), operation))
            : Refuse(BadCondition);
    }

    private static string? ProblemOf(string key) =>
        key.Length > 0 && Encoding.UTF8.GetByteCount(key) <= KeyLimits.KeyBytesMax ? null : $"key has 1 to {KeyLimits.KeyBytesMax} bytes.";

    private static Consistency? ConsistencyOf(string? text) => text switch
    {
        null or "quorum" => Consistency.Quorum,
        "one" => Consistency.One,
        _ => null,
    };

    private static KeyCondition? ConditionOf(string? ifVersion, bool ifAbsent, bool ifPresent)
    {
        KeyVersion? version = null;
        return ifVersion is null || KeyVersion.TryParse(ifVersion, out version) ? new KeyCondition(version, ifAbsent, ifPresent) : null;
    }

    private static ProblemHttpResult Refuse(string detail) => TypedResults.Problem(detail, statusCode: StatusCodes.Status400BadRequest);
}
