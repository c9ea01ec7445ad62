/** Containers and versions of one asset type, in memory; names compare without case. */
import type { SystemData } from '../protocol/system-data.ts';
import type { ContainerProperties, VersionProperties } from './asset-kind.ts';

export interface AssetVersion {
  readonly name: string;
  readonly version: string;
  readonly properties: VersionProperties;
  readonly systemData: SystemData;
  /** Order of creation, because several may be created within one millisecond. */
  readonly sequence: number;
}

export interface AssetContainer {
  readonly name: string;
  readonly properties: ContainerProperties;
  readonly systemData: SystemData;
  readonly versions: ReadonlyMap<string, AssetVersion>;
}

interface StoredContainer extends AssetContainer {
  readonly versions: Map<string, AssetVersion>;
}

export class AssetStore {
  readonly #containers = new Map<string, StoredContainer>();
  #sequence = 0;

  containers(): readonly AssetContainer[] {
    return [...this.#containers.values()];
  }

  container(name: string): AssetContainer | undefined {
    return this.#containers.get(name.toLowerCase());
  }

  version(name: string, version: string): AssetVersion | undefined {
    return this.container(name)?.versions.get(version.toLowerCase());
  }

  /** Versions of a container in order of creation. */
  versions(name: string): readonly AssetVersion[] {
    return [...(this.container(name)?.versions.values() ?? [])];
  }

  putContainer(name: string, properties: ContainerProperties, systemData: SystemData): AssetContainer {
    const known = this.#containers.get(name.toLowerCase());
    const container = { name: known?.name ?? name, properties, systemData, versions: known?.versions ?? new Map() };
    this.#containers.set(name.toLowerCase(), container);
    return container;
  }

  /** The container must exist. */
  putVersion(name: string, version: string, properties: VersionProperties, systemData: SystemData): AssetVersion {
    const container = this.#containers.get(name.toLowerCase());
    if (!container) throw new Error(`The asset container '${name}' was not created before its version.`);
    const known = container.versions.get(version.toLowerCase());
    const stored: AssetVersion = {
      name: container.name,
      version: known?.version ?? version,
      properties,
      systemData,
      sequence: known?.sequence ?? this.#sequence++,
    };
    container.versions.set(version.toLowerCase(), stored);
    return stored;
  }

  deleteContainer(name: string): boolean {
    return this.#containers.delete(name.toLowerCase());
  }

  deleteVersion(name: string, version: string): boolean {
    return this.#containers.get(name.toLowerCase())?.versions.delete(version.toLowerCase()) ?? false;
  }
}
