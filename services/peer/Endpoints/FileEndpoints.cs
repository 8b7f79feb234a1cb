using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;
using P2PCloud.Contracts;
using P2PCloud.Peer.Overlays;
using P2PCloud.Peer.Sharing;

namespace P2PCloud.Peer.Endpoints;

internal static class FileEndpoints
{
    public static void MapFiles(this IEndpointRouteBuilder routes)
    {
        routes.MapPut("/files", PutAsync);
        routes.MapDelete("/files", DeleteAsync);
        routes.MapMethods("/content", [HttpMethods.Get, HttpMethods.Head], Get);
    }

    private static async Task<Results<Created<SharedFile>, ProblemHttpResult>> PutAsync(
        HttpContext http, SharingService sharing, PeerEngines engines, IOptions<ShareOptions> options, CancellationToken cancellationToken, string? name = null)
    {
        if (engines.IsLeaving)
        {
            return LeavingProblem.Of(http.Response);
        }

        if (FileNames.Normalise(name, out var problem) is not { } safe)
        {
            return TypedResults.Problem(problem, statusCode: StatusCodes.Status400BadRequest);
        }

        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
        {
            limit.MaxRequestBodySize = null;
        }

        if (http.Request.ContentLength > options.Value.UploadBytesMax)
        {
            return TooLarge(new UploadTooLargeException(options.Value.UploadBytesMax));
        }

        try
        {
            var file = await sharing.AddAsync(safe, http.Request.Body, cancellationToken);
            // Nobody may have been told of it any more.
            return engines.IsLeaving ? LeavingProblem.Of(http.Response) : TypedResults.Created($"/content?id={file.ContentId}", file);
        }
        catch (UploadTooLargeException failure)
        {
            return TooLarge(failure);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException && !http.RequestAborted.IsCancellationRequested)
        {
            return TypedResults.Problem($"'{safe}' cannot be stored: {failure.Message}", statusCode: StatusCodes.Status409Conflict);
        }
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> DeleteAsync(
        string contentId, SharingService sharing, CancellationToken cancellationToken) =>
        await sharing.RemoveAsync(contentId, cancellationToken) ? TypedResults.NoContent() : NotShared(contentId);

    private static Results<PhysicalFileHttpResult, ProblemHttpResult> Get(string id, SharedFiles files) =>
        files.Find(id) is { } stored
            ? TypedResults.PhysicalFile(
                stored.Path,
                "application/octet-stream",
                Path.GetFileName(stored.File.Name),
                entityTag: new EntityTagHeaderValue($"\"{stored.File.ContentId}\""),
                enableRangeProcessing: true)
            : NotShared(id);

    private static ProblemHttpResult NotShared(string contentId) =>
        TypedResults.Problem($"This peer does not share '{contentId}'.", statusCode: StatusCodes.Status404NotFound);

    private static ProblemHttpResult TooLarge(UploadTooLargeException failure) =>
        TypedResults.Problem(failure.Message, statusCode: StatusCodes.Status413PayloadTooLarge);
}
