using System.ComponentModel;
using Microsoft.AspNetCore.Http.HttpResults;
using P2PCloud.Contracts;
using P2PCloud.Contracts.Api;
using P2PCloud.Gateway.Files;
using P2PCloud.Gateway.Lookups;

namespace P2PCloud.Gateway.Endpoints;

/// <summary>Sharing, listing and fetching files.</summary>
internal static class FileEndpoints
{
    /// <summary>Most files on one page.</summary>
    public const int ListMax = 1000;

    private const int ListDefault = 100;

    public static void MapFiles(this IEndpointRouteBuilder api)
    {
        var files = api.MapGroup("/files").WithTags("Files").ProducesProblem(StatusCodes.Status400BadRequest);
        files.MapPut("", ShareAsync).WithName("shareFile").WithSummary("Share a file")
            .WithDescription("Sends the bytes of a file to a peer, which shares it from then on with all four techniques.")
            .Produces<Posting>(StatusCodes.Status201Created)
            .ProducesProblem(StatusCodes.Status413PayloadTooLarge)
            .ProducesProblem(StatusCodes.Status502BadGateway).ProducesProblem(StatusCodes.Status503ServiceUnavailable);
        files.MapGet("", ListAsync).WithName("listFiles").WithSummary("List the shared files")
            .WithDescription("All shared content, ordered by content id, a page at a time, as the central directory knows it.")
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable);
        Describe(files.MapGet("/{contentId}", FetchAsync)).WithName("fetchFile").WithSummary("Fetch a file")
            .WithDescription("Streams the bytes from a peer that has them. A provider that is gone is passed over before the first byte. "
                + "The content id is the SHA-256 of the bytes: check it after the last one.");
        Describe(files.MapMethods("/{contentId}", [HttpMethods.Head], FetchAsync)).WithName("probeFile")
            .WithSummary("Ask for a file's size").WithDescription("The headers that GET would answer, without the bytes.");
        files.MapDelete("/{contentId}", StopSharingAsync).WithName("stopSharingFile").WithSummary("Stop sharing a file")
            .WithDescription("At the named peer, or at every provider. Uploaded bytes are deleted; a shared folder is never changed.")
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status502BadGateway).ProducesProblem(StatusCodes.Status503ServiceUnavailable);
    }

    private static RouteHandlerBuilder Describe(RouteHandlerBuilder route) => route
        .Produces(StatusCodes.Status200OK, contentType: "application/octet-stream")
        .Produces(StatusCodes.Status206PartialContent, contentType: "application/octet-stream")
        .Produces(StatusCodes.Status304NotModified)
        .ProducesProblem(StatusCodes.Status404NotFound)
        .ProducesProblem(StatusCodes.Status416RangeNotSatisfiable)
        .ProducesProblem(StatusCodes.Status503ServiceUnavailable);

    private static async Task<Results<Created<Posting>, ProblemHttpResult, EmptyHttpResult>> ShareAsync(
        HttpContext http,
        UploadService uploads,
        CancellationToken cancellationToken,
        [Description("Name of the file: a relative path with forward slashes, at most 1,024 bytes.")] string? name = null,
        [Description("The peer that shares it; by default each joined peer in turn.")] string? peer = null)
    {
        if (FileNameRules.ProblemOf(name) is { } bad)
        {
            return Problems.BadRequest(bad);
        }

        var (shared, problem) = await uploads.ShareAsync(http, name!, peer, cancellationToken);
        if (shared is not null)
        {
            return TypedResults.Created($"/api/v1/files/{shared.ContentId}", shared);
        }

        return problem is null ? TypedResults.Empty : problem;
    }

    private static async Task<Results<Ok<FilePage>, ProblemHttpResult>> ListAsync(
        FileLister lister,
        CancellationToken cancellationToken,
        [Description("Files on the page.")] string? limit = null,
        [Description("The value of next on the page before.")] string? after = null)
    {
        if (LookupQuery.ProblemOfLimit(limit, ListMax) is { } bad)
        {
            return Problems.BadRequest(bad);
        }

        if (after is { Length: > 0 } && ContentIds.ProblemOf(after, "after") is { } badAfter)
        {
            return badAfter;
        }

        var start = string.IsNullOrEmpty(after) ? null : after;
        var page = await lister.ListAsync(LookupQuery.LimitOf(limit, ListDefault), start, cancellationToken);
        return page is null
            ? Problems.Unavailable("The directory, which lists the files, does not answer. Lookups do not need it, except by napster.")
            : TypedResults.Ok(page);
    }

    private static async Task<Results<EmptyHttpResult, ProblemHttpResult>> FetchAsync(
        HttpContext http,
        DownloadService downloads,
        [Description("SHA-256 of the bytes: 64 hexadecimal digits in lower case.")] string contentId,
        CancellationToken cancellationToken)
    {
        var problem = ContentIds.ProblemOf(contentId, "The content id") ?? await downloads.StreamAsync(http, contentId, cancellationToken);
        return problem is null ? TypedResults.Empty : problem;
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> StopSharingAsync(
        RemovalService removals,
        [Description("SHA-256 of the bytes: 64 hexadecimal digits in lower case.")] string contentId,
        CancellationToken cancellationToken,
        [Description("The peer that stops; by default every provider.")] string? peer = null)
    {
        var problem = ContentIds.ProblemOf(contentId, "The content id") ?? await removals.RemoveAsync(contentId, peer, cancellationToken);
        return problem is null ? TypedResults.NoContent() : problem;
    }
}
