using System.ComponentModel;
using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;
using P2PCloud.Contracts.Api;
using P2PCloud.Contracts.Chord;
using P2PCloud.Gateway.Files;
using P2PCloud.Gateway.Keys;
using P2PCloud.Overlays.Chord;

namespace P2PCloud.Gateway.Endpoints;

/// <summary>Keys and values, replicated on the Chord ring.</summary>
internal static class KeyEndpoints
{
    private const string Prefix = "/api/v1/keys/";
    private const string RetryAfterSeconds = "1";
    private const string KeyText = "1 to 1,024 bytes of UTF-8, percent-encoded. Slashes belong to the key, encoded or not; . and .. cannot be keys.";
    private const string ConsistencyText = "How many copies take part: a majority (quorum), or the owner alone (one).";
    private const string FromText = "The entry peer; by default each joined peer in turn.";

    public static void MapKeys(this IEndpointRouteBuilder api)
    {
        var keys = api.MapGroup("/keys").WithTags("Keys")
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status502BadGateway)
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable);
        keys.MapPut("/{**key}", PutAsync).WithName("putKey").WithSummary("Write a key")
            .WithDescription("Writes a value of at most 64 KiB at the node that owns the key, which copies it to its successors on other "
                + "peers. The last writer wins, unless If-Match or If-None-Match gives a condition: the owner decides it.")
            .Produces<KeyWritten>()
            .ProducesProblem(StatusCodes.Status412PreconditionFailed)
            .ProducesProblem(StatusCodes.Status413PayloadTooLarge)
            .ProducesProblem(StatusCodes.Status504GatewayTimeout)
            .ProducesProblem(StatusCodes.Status507InsufficientStorage);
        keys.MapGet("/{**key}", GetAsync).WithName("getKey").WithSummary("Read a key")
            .WithDescription("The bytes that were written last. Their ETag is the version: give it back in If-Match to write only if "
                + "nobody else has written since.")
            .Produces(StatusCodes.Status200OK, contentType: "application/octet-stream")
            .Produces(StatusCodes.Status304NotModified)
            .ProducesProblem(StatusCodes.Status404NotFound);
        keys.MapDelete("/{**key}", DeleteAsync).WithName("deleteKey").WithSummary("Delete a key")
            .WithDescription("Also when there is no value: the answer is the same.")
            .ProducesProblem(StatusCodes.Status412PreconditionFailed)
            .ProducesProblem(StatusCodes.Status504GatewayTimeout)
            .ProducesProblem(StatusCodes.Status507InsufficientStorage);
    }

    private static async Task<Results<Ok<KeyWritten>, ProblemHttpResult>> PutAsync(
        HttpContext http,
        KeyForwarder forwarder,
        CancellationToken cancellationToken,
        [Description(KeyText)] string? key = null,
        [Description("Seconds after which the value is gone; by default it stays.")] string? ttl = null,
        [Description(ConsistencyText)] string? consistency = null,
        [Description(FromText)] string? from = null)
    {
        if (!KeyQuery.TryKey(http, Prefix, out key, out var bad))
        {
            return Problems.BadRequest(bad);
        }

        var badCondition = KeyQuery.ProblemOfCondition(http.Request.Headers, mayBeAbsent: true, out var query);
        if ((KeyQuery.ProblemOfTtl(ttl) ?? KeyQuery.ProblemOfConsistency(consistency) ?? badCondition) is { } wrong)
        {
            return Problems.BadRequest(wrong);
        }

        if (await ReadBodyAsync(http.Request, cancellationToken) is not { } value)
        {
            return Problems.Of(StatusCodes.Status413PayloadTooLarge, $"A value has at most {KeyLimits.ValueBytesMax} bytes.");
        }

        query = query.Add("key", key).Add("consistency", consistency ?? KeyQuery.Consistencies[0]);
        query = ttl is null ? query : query.Add("ttl", ttl);
        var (answer, problem) = await forwarder.AskAsync(HttpMethod.Put, query, value, from, cancellationToken);
        if ((problem ?? ProblemOf(http.Response, key, answer!)) is { } failed)
        {
            return failed;
        }

        SetVersion(http.Response, answer!.Version);
        return TypedResults.Ok(new KeyWritten(key, $"{answer.Version}", answer.Owner, answer.Copies, answer.Hops));
    }

    private static async Task<Results<FileContentHttpResult, StatusCodeHttpResult, ProblemHttpResult>> GetAsync(
        HttpContext http,
        KeyForwarder forwarder,
        CancellationToken cancellationToken,
        [Description(KeyText)] string? key = null,
        [Description(ConsistencyText)] string? consistency = null,
        [Description(FromText)] string? from = null)
    {
        if (!KeyQuery.TryKey(http, Prefix, out key, out var bad))
        {
            return Problems.BadRequest(bad);
        }

        if (KeyQuery.ProblemOfConsistency(consistency) is { } wrong)
        {
            return Problems.BadRequest(wrong);
        }

        var query = QueryString.Create("key", key).Add("consistency", consistency ?? KeyQuery.Consistencies[0]);
        var (answer, problem) = await forwarder.AskAsync(HttpMethod.Get, query, null, from, cancellationToken);
        if ((problem ?? ProblemOf(http.Response, key, answer!)) is { } failed)
        {
            return failed;
        }

        SetVersion(http.Response, answer!.Version);
        SetPlace(http.Response.Headers, answer);
        return answer.Version is { } version && KeyQuery.IsKnown(http.Request.Headers, version)
            ? TypedResults.StatusCode(StatusCodes.Status304NotModified)
            : TypedResults.Bytes(answer.Value ?? [], "application/octet-stream");
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> DeleteAsync(
        HttpContext http,
        KeyForwarder forwarder,
        CancellationToken cancellationToken,
        [Description(KeyText)] string? key = null,
        [Description(ConsistencyText)] string? consistency = null,
        [Description(FromText)] string? from = null)
    {
        if (!KeyQuery.TryKey(http, Prefix, out key, out var bad))
        {
            return Problems.BadRequest(bad);
        }

        var badCondition = KeyQuery.ProblemOfCondition(http.Request.Headers, mayBeAbsent: false, out var query);
        if ((KeyQuery.ProblemOfConsistency(consistency) ?? badCondition) is { } wrong)
        {
            return Problems.BadRequest(wrong);
        }

        query = query.Add("key", key).Add("consistency", consistency ?? KeyQuery.Consistencies[0]);
        var (answer, problem) = await forwarder.AskAsync(HttpMethod.Delete, query, null, from, cancellationToken);
        return (problem ?? ProblemOf(http.Response, key, answer!)) is { } failed ? failed : TypedResults.NoContent();
    }

    /// <summary>What is wrong with an answer of the ring; null when nothing is.</summary>
    private static ProblemHttpResult? ProblemOf(HttpResponse response, string key, KeyAnswer answer)
    {
        switch (answer.Outcome)
        {
            case KeyOutcomes.Ok:
                return null;
            case KeyOutcomes.NotFound:
                return Problems.NotFound($"There is no value under '{key}'.");
            case KeyOutcomes.Conflict:
                SetVersion(response, answer.Version);
                return Problems.Of(
                    StatusCodes.Status412PreconditionFailed,
                    $"The condition does not hold: {(answer.Version is { } current ? $"the version is {current}" : "there is no value")}. Nothing was written.");
            case KeyOutcomes.Uncertain:
                return Problems.Of(
                    StatusCodes.Status504GatewayTimeout,
                    $"{UncertaintyOf(answer)}. The write may have happened or not: reading the key tells.");
            case KeyOutcomes.NotStored:
                return Problems.Of(
                    StatusCodes.Status507InsufficientStorage,
                    $"{answer.Owner ?? "The owner of the key"} cannot store the key: its disk is full or fails. "
                        + "It writes it when it can again, unless it ends before: reading the key tells.");
            case KeyOutcomes.Leaving:
                response.Headers.RetryAfter = RetryAfterSeconds;
                return Problems.Unavailable("The entry peer is leaving the cloud and has done nothing. Try again, or another entry peer.");
            default:
                response.Headers.RetryAfter = RetryAfterSeconds;
                return Problems.Unavailable("The owner of the key, or enough of its copies, cannot be reached now. Nothing was written. Try again soon.");
        }
    }

    private static string UncertaintyOf(KeyAnswer answer) => answer.Owner is { } owner
        ? $"{owner} owns the key and is not sure that most copies have the write: {answer.Copies} said so, its own included"
        : "Nobody who may have taken the write has answered in time";

    private static void SetVersion(HttpResponse response, KeyVersion? version)
    {
        if (version is not null)
        {
            response.Headers.ETag = KeyQuery.TagOf(version).ToString();
        }
    }

    private static void SetPlace(IHeaderDictionary headers, KeyAnswer answer)
    {
        headers.CacheControl = "no-cache";
        headers["P2PCloud-Owner"] = answer.Owner;
        headers["P2PCloud-Copies"] = answer.Copies.ToString(CultureInfo.InvariantCulture);
        headers["P2PCloud-Hops"] = answer.Hops.ToString(CultureInfo.InvariantCulture);
        if (answer.Expiry is { } expiry)
        {
            headers["P2PCloud-Expiry"] = DateTimeOffset.FromUnixTimeMilliseconds(expiry).ToString("O", CultureInfo.InvariantCulture);
        }
    }

    /// <returns>Null when the body is too long for a value.</returns>
    private static async Task<byte[]?> ReadBodyAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        if (request.ContentLength > KeyLimits.ValueBytesMax)
        {
            return null;
        }

        using var value = new MemoryStream();
        try
        {
            await new BoundedBody(request.Body, KeyLimits.ValueBytesMax).CopyToAsync(value, cancellationToken);
            return value.ToArray();
        }
        catch (BadHttpRequestException failure) when (failure.StatusCode is StatusCodes.Status413PayloadTooLarge)
        {
            return null;
        }
    }
}
