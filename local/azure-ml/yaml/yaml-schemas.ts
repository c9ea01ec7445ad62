/** The Azure ML CLI v2 YAML forms that are understood here; a member that is not listed is refused by name. */
import { z } from 'zod';

const text = z.string().min(1).max(4096);
/** The CLI turns plain YAML scalars of tags and variables into strings. */
const scalarMap = z.record(z.string(), z.union([z.string(), z.number(), z.boolean()]).transform(String)).optional();
const version = z.union([z.string(), z.number()]).transform(String);
const shares = z.record(z.string(), z.int().min(0).max(100)).optional();

const labels = {
  $schema: text.optional(),
  description: z.string().max(10_000).optional(),
  tags: scalarMap,
  properties: scalarMap,
};

const modelShape = {
  ...labels,
  path: text,
  type: z.enum(['custom_model', 'mlflow_model', 'triton_model']).optional(),
  flavors: z.record(z.string(), z.unknown()).optional(),
  stage: text.optional(),
};

const environmentShape = {
  ...labels,
  image: text.optional(),
  conda_file: z.union([text, z.record(z.string(), z.unknown())]).optional(),
  build: z.strictObject({ path: text, dockerfile_path: text.optional() }).optional(),
  os_type: z.enum(['linux', 'windows']).optional(),
  inference_config: z.record(z.string(), z.unknown()).optional(),
};

export const modelSchema = z.strictObject({ ...modelShape, name: text, version: version });
export const environmentSchema = z.strictObject({ ...environmentShape, name: text, version: version });

export const endpointSchema = z.strictObject({
  ...labels,
  name: text,
  auth_mode: z.enum(['key', 'aml_token', 'aad_token']).default('key'),
  public_network_access: z.enum(['enabled', 'disabled']).optional(),
  identity: z.strictObject({ type: z.enum(['system_assigned']) }).optional(),
  traffic: shares,
  mirror_traffic: shares,
});

/** Seconds, as the CLI writes probe times. */
const probeSchema = z
  .strictObject({
    initial_delay: z.int().min(0).optional(),
    period: z.int().min(1).optional(),
    timeout: z.int().min(1).optional(),
    success_threshold: z.int().min(1).optional(),
    failure_threshold: z.int().min(1).optional(),
  })
  .optional();

const isEnabled = z.union([z.boolean(), z.enum(['True', 'true', 'False', 'false'])]).transform((on) => {
  return String(on).toLowerCase() === 'true';
});

const dataCollectorSchema = z.strictObject({
  collections: z.record(
    z.string(),
    z.strictObject({
      enabled: isEnabled,
      sampling_rate: z.number().min(0).max(1).optional(),
      data: z.strictObject({ name: text, version: version }).optional(),
    }),
  ),
  sampling_rate: z.number().min(0).max(1).optional(),
  rolling_rate: z.string().max(20).optional(),
  request_logging: z.strictObject({ capture_headers: z.array(text).optional() }).optional(),
});

export const deploymentSchema = z.strictObject({
  ...labels,
  name: text,
  endpoint_name: text,
  model: z.union([text, z.strictObject(modelShape)]),
  code_configuration: z.strictObject({ code: text, scoring_script: text }),
  environment: z.union([text, z.strictObject(environmentShape)]),
  environment_variables: scalarMap,
  instance_type: text,
  instance_count: z.int().min(1),
  app_insights_enabled: z.boolean().optional(),
  egress_public_network_access: z.enum(['enabled', 'disabled']).optional(),
  request_settings: z
    .strictObject({
      request_timeout_ms: z.int().min(1).optional(),
      max_concurrent_requests_per_instance: z.int().min(1).optional(),
      max_queue_wait_ms: z.int().min(0).optional(),
    })
    .optional(),
  liveness_probe: probeSchema,
  readiness_probe: probeSchema,
  data_collector: dataCollectorSchema.optional(),
});

export type ModelYaml = z.output<typeof modelSchema>;
export type EnvironmentYaml = z.output<typeof environmentSchema>;
export type EndpointYaml = z.output<typeof endpointSchema>;
export type DeploymentYaml = z.output<typeof deploymentSchema>;
